import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { DatabaseFailure } from "~/platform/database-failure";
import { waitForDatabase } from "~/platform/database-wait";
import { env } from "~/platform/env";
import { findNewestMigration, migrateDown, migrateUp } from "~/platform/migrator";
import { refusalOfPostgres } from "./cli";
import { commandLine } from "./command-line";

/** How long a database that is away is waited for, seconds. */
const PATIENCE_S = 60;
const LONGEST_S = 3_600;

const usage = () => `usage: ${commandLine("migrate")} [up|down] [--wait SECONDS] [--yes]

  up      applies what is missing (the default)
  down    takes the newest migration back, and asks before it does
  --wait  how long a database that is away is waited for, ${PATIENCE_S} seconds by default
  --yes   take it back without a question; in production nothing is taken back otherwise
`;

/** Runs `npm run migrate` with these arguments. @returns the exit code: 0 done, 1 refused, 2 usage */
export async function migrateCommand(args: string[]): Promise<0 | 1 | 2> {
  const asked = parse(args);
  if (asked === "help") return end(0, process.stdout, usage());
  if (!asked) return end(2, process.stderr, usage());
  const { seconds } = asked;
  const say = (reason: string) =>
    process.stderr.write(`Waiting up to ${seconds} s for the database: ${reason}\n`);
  try {
    await waitForDatabase({ forMs: seconds * 1_000, onWait: say });
  } catch (error) {
    if (!(error instanceof DatabaseFailure)) throw error;
    const setting = env().MIGRATE_DATABASE_URL ? "MIGRATE_DATABASE_URL" : "DATABASE_URL";
    return end(1, process.stderr, `${setting}: no connection to the database: ${error.message}\n`);
  }
  try {
    return asked.direction === "up" ? report(await migrateUp()) : await takeBack(asked.yes);
  } catch (error) {
    const refusal = refusalOfPostgres(error);
    if (!refusal) throw error;
    return end(1, process.stderr, `${refusal.text}\n`);
  }
}

interface Asked {
  direction: "up" | "down";
  seconds: number;
  yes: boolean;
}

function parse(args: string[]): Asked | "help" | null {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        wait: { type: "string" },
        yes: { type: "boolean", default: false },
        help: { type: "boolean", short: "h" },
      },
    });
    const { help, yes, wait = String(PATIENCE_S) } = values;
    const [direction = "up", ...more] = positionals;
    if (help) return "help";
    if ((direction !== "up" && direction !== "down") || more.length > 0) return null;
    if (!/^\d{1,4}$/.test(wait) || Number(wait) > LONGEST_S) return null;
    return { direction, seconds: Number(wait), yes };
  } catch (error) {
    // Node's own words for an option that it does not know.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

async function takeBack(isAgreed: boolean): Promise<0 | 1> {
  const only = await findNewestMigration();
  if (!only) return report([]);
  const what = `This takes back ${only}. What is stored in what it added is lost.`;
  if (!isAgreed) {
    const why = mayAsk()
      ? (await agrees(what))
        ? null
        : "Nothing was taken back."
      : refusal(what);
    if (why) return end(1, process.stderr, `${why}\n`);
  }
  const names = await migrateDown({ only });
  if (names.length > 0) return report(names);
  const changed = `${only} is not the newest any more: somebody else migrates. Nothing was taken back.`;
  return end(1, process.stderr, `${changed}\n`);
}

function refusal(what: string): string {
  return `${what}\nNothing was taken back: say --yes to do so.`;
}

function mayAsk(): boolean {
  const isAtTerminal = process.stdin.isTTY && process.stderr.isTTY;
  return Boolean(isAtTerminal) && env().NODE_ENV !== "production";
}

async function agrees(what: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${what}\nGo on? [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

function report(names: string[]): 0 {
  return end(0, process.stdout, names.length ? `${names.join("\n")}\n` : "Nothing to migrate.\n");
}

function end<Code extends 0 | 1 | 2>(
  code: Code,
  stream: NodeJS.WritableStream,
  text: string,
): Code {
  stream.write(text);
  return code;
}
