import type { Answer } from "../../../worker/ops/cli.ts";
import { table } from "../../../worker/ops/table.ts";
import { type Tally, VIOLATIONS } from "./tally";

/** The run: what was done, then what was looked for and how often it was found; refused if it was. */
export function report(tally: Tally, { seed }: { seed: number }): Answer {
  const found = VIOLATIONS.map((kind) => [kind, tally.violations.get(kind) ?? []] as const);
  const done = [...tally.counts].sort(([one], [other]) => one.localeCompare(other));
  const sections = [
    `Seed ${seed}`,
    figures("Done", done),
    figures(
      "Found",
      found.map(([kind, details]) => [kind, details.length]),
    ),
    ...found.filter(([, details]) => details.length > 0).map(examples),
  ];
  return {
    exitCode: tally.violated > 0 ? 1 : 0,
    data: {
      seed,
      counts: Object.fromEntries(tally.counts),
      violations: Object.fromEntries(found),
    },
    text: sections.join("\n\n"),
  };
}

/** The run's figures in one line, to add up those of many runs. */
export function summary(tally: Tally, { seed }: { seed: number }): string {
  return JSON.stringify({
    seed,
    seconds: tally.of("seconds"),
    calls: tally.of("registrations called"),
    kills: tally.of("processes killed"),
    wipes: tally.of("Redis wiped (FLUSHALL)"),
    redisLost: tally.of("Redis killed, data lost"),
    backends: tally.of("Postgres backends terminated"),
    postgresCrashes: tally.of("Postgres crashed (SIGKILL)"),
    violations: tally.violated,
  });
}

const EXAMPLES = 3;

function examples([kind, details]: readonly [string, string[]]): string {
  const more = details.length - EXAMPLES;
  const shown = details.slice(0, EXAMPLES).map((detail) => `  ${detail}`);
  return [`${kind}:`, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}

function figures(title: string, counts: readonly (readonly [string, number])[]): string {
  const rows = counts.map(([name, count]) => [name, count.toLocaleString("en")]);
  return table([title, ""], rows, { figures: true });
}
