import { type Tally, VIOLATIONS } from "./tally";

/** The run as a table: what was done, then what was looked for and how often it was found. */
export function report(tally: Tally, { seed }: { seed: number }): string {
  const done = [...tally.counts].sort(([one], [other]) => one.localeCompare(other));
  const found = VIOLATIONS.map((kind) => [kind, tally.violations.get(kind)?.length ?? 0] as const);
  return [`Seed ${seed}`, "", ...lines(done), "", "Found", ...lines(found), ...details(tally)].join(
    "\n",
  );
}

/** The same for programs. */
export function reportJson(tally: Tally, { seed }: { seed: number }): string {
  const counts = Object.fromEntries(tally.counts);
  const violations = Object.fromEntries(
    VIOLATIONS.map((kind) => [kind, tally.violations.get(kind) ?? []]),
  );
  return JSON.stringify({ seed, counts, violations });
}

const EXAMPLES = 3;

function details({ violations }: Tally): string[] {
  return [...violations].flatMap(([kind, found]) => [
    "",
    `${kind}:`,
    ...found.slice(0, EXAMPLES).map((detail) => `  ${detail}`),
    ...(found.length > EXAMPLES ? [`  and ${found.length - EXAMPLES} more`] : []),
  ]);
}

function lines(figures: readonly (readonly [string, number])[]): string[] {
  const width = Math.max(...figures.map(([name]) => name.length));
  return figures.map(
    ([name, value]) => `  ${name.padEnd(width)} ${value.toLocaleString("en").padStart(12)}`,
  );
}
