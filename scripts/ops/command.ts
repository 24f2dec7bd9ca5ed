import { type ParseArgsConfig, parseArgs } from "node:util";
import * as z from "zod";
import { roleSchema } from "~/domain/accounts/index.server";
import { troubleOf } from "~/platform/postgres-error";
import { type Outcome, refused } from "../outcome";
import { listFailed, replayAllFailed, replayFailed, showFailed } from "./failed";
import { reconcile } from "./reconcile";
import { runReminders } from "./reminders";
import { status } from "./status";
import { changeRole } from "./users";

const USAGE = `usage: npm run ops -- COMMAND [--json]

  status                            services, queues, outbox, drift, the last reminder run
  failed list [--all]               jobs that failed for good; --all: the replayed ones too
  failed show ID                    one of them
  failed replay ID | --all          sends their mail again
  reconcile [COMPETITION] [--check] makes Redis equal to Postgres; --check only looks
  reminders run [--date YYYY-MM-DD] writes the reminders of a day's run
  user role EMAIL ROLE              ROLE is PARTICIPANT or ORGANIZER

Exit codes: 0 done, 1 refused, 2 usage.
`;

const OPTIONS = {
  json: { type: "boolean", default: false },
  all: { type: "boolean", default: false },
  check: { type: "boolean", default: false },
  date: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} satisfies ParseArgsConfig["options"];

/** What stands behind a command's words, parsed; what is not in here is refused. */
const flags = z.strictObject({ json: z.boolean() });
const COMMANDS = {
  status: (input) => status(flags.parse(input)),
  "failed list": (input) =>
    listFailed({ all: false, ...flags.extend({ all: z.literal(true).optional() }).parse(input) }),
  "failed show": (input) => {
    const { rest, json } = flags.extend({ rest: z.tuple([z.guid()]) }).parse(input);
    return showFailed({ json, id: rest[0] });
  },
  "failed replay": (input) => {
    const { rest, json } = flags
      .extend({ rest: z.tuple([z.guid()]) })
      .or(flags.extend({ all: z.literal(true), rest: z.undefined().optional() }))
      .parse(input);
    return rest ? replayFailed({ json, id: rest[0] }) : replayAllFailed({ json });
  },
  reconcile: (input) => {
    const { rest, json, check } = flags
      .extend({ check: z.literal(true).optional(), rest: z.tuple([z.guid()]).optional() })
      .parse(input);
    return reconcile({ json, check: check ?? false, competitionId: rest?.[0] });
  },
  "reminders run": (input) => {
    const { json, date } = flags
      .extend({ date: z.iso.date().pipe(z.coerce.date()).optional() })
      .parse(input);
    return runReminders({ json, date });
  },
  "user role": (input) => {
    const { rest, json } = flags
      .extend({ rest: z.tuple([z.string(), z.string().toUpperCase().pipe(roleSchema)]) })
      .parse(input);
    return changeRole({ json, email: rest[0], role: rest[1] });
  },
} satisfies Record<string, (input: Record<string, unknown>) => Promise<Outcome>>;

/** Runs `npm run ops` with these arguments. */
export async function opsCommand(args: string[]): Promise<Outcome> {
  const read = readArguments(args);
  if ("exitCode" in read) return read;
  try {
    return await read.run();
  } catch (error) {
    if (error instanceof z.ZodError)
      return usage(`${read.name}: what follows it is not understood`);
    const json = args.includes("--json");
    if (["away", "busy"].includes(troubleOf(error))) {
      return refused({ json, status: "unavailable", text: "Postgres does not answer." });
    }
    throw error;
  }
}

function readArguments(args: string[]): Outcome | { name: string; run: () => Promise<Outcome> } {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const { help, json, ...others } = values;
    if (help) return { exitCode: 0, text: USAGE };
    for (const words of [2, 1]) {
      const name = positionals.slice(0, words).join(" ");
      const command = Object.entries(COMMANDS).find(([known]) => known === name)?.[1];
      if (!command) continue;
      const rest = positionals.slice(words);
      const given = Object.entries({ ...others, rest }).filter(([, value]) => isGiven(value));
      return { name, run: async () => command({ json, ...Object.fromEntries(given) }) };
    }
    return usage(positionals.length > 0 ? `No such command: ${positionals.join(" ")}` : "");
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

function usage(problem: string): Outcome {
  return { exitCode: 2, text: problem ? `${problem}\n\n${USAGE}` : USAGE };
}
