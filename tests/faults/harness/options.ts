import * as z from "zod";
import { type Answer, type Outcome, parsedBy, runCli } from "../../../worker/ops/cli.ts";
import { WITHOUT } from "./plays";

export interface Options {
  /** Milliseconds. */
  duration?: number;
  seed?: number;
  short?: boolean;
  /** Hostile clients in place of faults. */
  hostile?: boolean;
  /** The guard that is switched off. */
  without?: string;
  /** The older version of a rolling update: a commit, or the folder of a checkout. */
  beside?: string;
}

/** Runs `npm run test:faults` with these arguments. */
export function harnessCommand(
  args: string[],
  play: (options: Options) => Promise<Answer>,
): Promise<Outcome> {
  return runCli({ name: "npm run test:faults --", args }, (program, ends) => {
    program
      .option("--duration <time>", "begin no round after this long: 90s, 30m, 2h (5m)", duration)
      .option("--seed <n>", "the luck of the run (random, and printed)", seed)
      .option("--hostile", "hostile clients in place of faults; --duration is of each attack (20s)")
      .option("--short", "the short form of npm test")
      .option("--beside <version>", "a rolling update from this commit, or checkout, in one round")
      .option(
        "--without <guard>",
        `switch one off, and find violations: ${GUARDS.join(", ")}`,
        guard,
      )
      .action(ends(play));
  });
}

const GUARDS = Object.keys(WITHOUT);
const UNITS_MS = new Map([
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

const duration = parsedBy(
  z
    .string()
    .regex(/^\d{1,6}[smh]$/, "It is a number and s, m or h: 90s, 30m, 2h.")
    .transform((given) => Number(given.slice(0, -1)) * (UNITS_MS.get(given.slice(-1)) ?? 0)),
);
const seed = parsedBy(
  z
    .string()
    .regex(/^\d{1,9}$/, "It is a whole number of at most nine digits.")
    .transform(Number),
);
const guard = parsedBy(z.enum(GUARDS));
