import { setTimeout as delay } from "node:timers/promises";
import ora from "ora";

/** Something that a person must know or do, said in the message; no stack is shown for it. */
export class Refusal extends Error {}

export interface Session {
  log(line: string): void;
  /** Shows that something long is under way, where a person watches. */
  during<T>(text: string, work: Promise<T>): Promise<T>;
  /** What to undo; last in, first out. */
  onStop(stop: () => Promise<unknown>): void;
  /** Ends the work here when somebody has asked to stop. */
  checkpoint(): void;
  interrupted: Promise<void>;
}

/**
 * Runs a command until its work ends, fails or is interrupted, then undoes what it started.
 * A refusal is printed as it is, anything else that went wrong with its stack.
 *
 * @param options.interruptedCode the exit code after a Ctrl-C
 */
export async function runUntilInterrupt(
  work: (session: Session) => Promise<unknown>,
  { interruptedCode = 0, print = console.log } = {},
): Promise<never> {
  const stops: (() => Promise<unknown>)[] = [];
  let exitCode = 0;
  let isInterrupted = false;
  const spinner = ora({ discardStdin: false, isSilent: !process.stderr.isTTY });
  const log = (line: string) => {
    spinner.clear();
    print(line);
  };
  const interrupted = onInterrupt().then(() => {
    isInterrupted = true;
    spinner.stop();
    log("\nStopping …");
  });
  const session: Session = {
    log,
    during(text, work) {
      spinner.start(text);
      return work.finally(() => spinner.stop());
    },
    onStop: (stop) => stops.unshift(stop),
    checkpoint: () => {
      if (isInterrupted) throw new Error("interrupted");
    },
    interrupted,
  };
  try {
    // A step under way may finish: what it starts must be known to be stopped.
    await Promise.race([work(session), interrupted.then(() => delay(6000))]);
  } catch (error) {
    if (!isInterrupted) {
      console.error(error instanceof Refusal ? `\n${error.message}\n` : error);
      exitCode = 1;
    }
  }
  for (const stop of stops) await stop().catch(console.error);
  if (isInterrupted) log("Stopped.");
  process.exit(isInterrupted ? interruptedCode : process.exitCode || exitCode);
}

/**
 * Waits for somebody to ask us to stop. npm and the starter pass on the Ctrl-C that the terminal has
 * already sent, so signals that follow at once are the same one; a later one means that somebody
 * has lost patience. When the starter is killed, no signal arrives at all: then our parent changes.
 */
function onInterrupt(): Promise<void> {
  const parent = process.ppid;
  let since = 0;
  return new Promise((resolve) => {
    const stop = () => {
      if (since > 0 && Date.now() - since > 1500) {
        console.error("Not waiting for the rest.");
        process.exit(130);
      }
      since ||= Date.now();
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
    setInterval(() => process.ppid !== parent && resolve(), 500).unref();
  });
}
