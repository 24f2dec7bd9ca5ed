import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { ZodType } from "zod";
import { reasonOf } from "~/platform/error-facts";
import { outageOf, troubleOf } from "~/platform/postgres-error";

/** How a command ended: for programs the data, for people the text. */
export interface Answer {
  /** 0 done, 1 refused */
  exitCode: 0 | 1;
  data: unknown;
  text: string;
  /** Standard output has a result of its own already. */
  isAside?: boolean;
}

/** What a command prints and ends with: 0 done, 1 refused, 2 called in a wrong way. */
export interface Outcome {
  exitCode: 0 | 1 | 2;
  text: string;
  isAside?: boolean;
}

export function done(data: unknown, text: string): Answer {
  return { exitCode: 0, data, text };
}

/** @param status the reason in a word; `text` is the same in a sentence */
export function refused(status: string, text: string): Answer {
  return { exitCode: 1, data: { status, message: text }, text };
}

/** Makes an answer of what Postgres could not do at the moment; null for a bug. */
export function refusalOfPostgres(error: unknown): Answer | null {
  if (!["away", "busy"].includes(troubleOf(error) ?? "")) return null;
  const outage = outageOf(error) ?? "database_busy";
  if (outage === "database_away") return refused("unavailable", "Postgres does not answer.");
  return refused("unavailable", `Postgres does not do that (${outage}): ${reasonOf(error)}.`);
}

/** Makes a commander action of a function that takes the options, then the arguments in turn. */
export type Ends = <Options, Arguments extends unknown[]>(
  run: (options: Options, ...given: Arguments) => Promise<Answer>,
) => (...given: unknown[]) => Promise<void>;

interface Cli {
  name: string;
  args: string[];
  /** Makes an answer of an error that users may meet; null for a bug. */
  refusalOf?: (error: unknown) => Answer | null;
}

/**
 * Runs the command that the arguments name.
 *
 * @param define adds the commands and options; each command takes `--json`
 * @returns with `--json` the answer's data on one line; the usage for mistakes and for `--help`
 */
export async function runCli(
  { name, args, refusalOf = () => null }: Cli,
  define: (program: Command, ends: Ends) => void,
): Promise<Outcome> {
  let printed = "";
  let outcome: Outcome | undefined;
  const print = (text: string) => {
    printed += text;
  };
  const program = new Command(name)
    .configureOutput({ writeOut: print, writeErr: print })
    .configureHelp({ showGlobalOptions: true, visibleCommands: leavesOf, subcommandTerm: termOf })
    .showHelpAfterError()
    .exitOverride()
    .option("--json", "one line of JSON for programs");
  define(program, (run) => async (...given) => {
    const command = given.pop() as Command;
    const { json, ...options } = command.optsWithGlobals();
    const answer = run(options as never, ...(given.slice(0, -1) as never));
    const { exitCode, data, text, isAside } = await answer.catch((error) => {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      return refusal;
    });
    outcome = { exitCode, text: `${json ? JSON.stringify(data) : text}\n`, isAside };
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const wasAskedFor = error.code === "commander.helpDisplayed";
    return { exitCode: wasAskedFor ? 0 : 2, text: printed };
  }
  if (!outcome) throw new Error(`${name} ran no command`);
  return outcome;
}

/** Help shows whole commands, `failed list` and not `failed`. */
function leavesOf({ commands }: Command): Command[] {
  return commands.flatMap((one) => (one.commands.length > 0 ? leavesOf(one as Command) : [one]));
}

function termOf(command: Command): string {
  const groups = command.parent?.parent ? `${command.parent.name()} ` : "";
  return `${groups}${command.name()} ${command.usage()}`;
}

/** Refuses an argument or an option's value as the schema does, and passes on what it makes of it. */
export function parsedBy<T>(schema: ZodType<T>): (given: string) => T {
  return (given) => {
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError(parsed.error.issues.map(({ message }) => message).join(" "));
  };
}

/** Prints where it belongs: how to call a command is no result. */
export function print({ exitCode, text, isAside }: Outcome): Promise<void> {
  const stream = exitCode === 2 || isAside ? process.stderr : process.stdout;
  return new Promise((resolve) => void stream.write(text, () => resolve()));
}
