/** Of each kind the first few are told at once. */
const LOGGED = 5;

/** What was done and what was found, counted by name. */
export class Tally {
  readonly counts = new Map<string, number>();
  readonly violations = new Map<string, string[]>();
  private readonly log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.log = log;
  }

  count(name: string, times = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + times);
  }

  /** Keeps the largest value. */
  most(name: string, value: number): void {
    this.counts.set(name, Math.max(this.of(name), value));
  }

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Something that must never happen has happened. */
  violate(kind: Violation, detail: string): void {
    const known = this.violations.get(kind) ?? [];
    this.violations.set(kind, [...known, detail]);
    if (known.length < LOGGED) this.log(`VIOLATION: ${kind}: ${detail}`);
  }

  get violated(): number {
    return [...this.violations.values()].reduce((sum, details) => sum + details.length, 0);
  }
}

/** What the harness looks for, each in the words of the final table. */
export const VIOLATIONS = [
  "more confirmed than seats",
  "a seat number twice or out of range",
  "somebody registered twice",
  "a key with two answers",
  "a belief that is not in the database",
  "a registration that nobody was told of",
  "a seat given after closing was acknowledged",
  "an answer that nobody should get",
  "a seat out of reach 30 s after the faults",
  "not filled to exactly its capacity",
  "somebody who waits was overtaken",
  "a place in line that grew",
  "a seat free while somebody waits",
  "a line that opened beside an older process",
  "a line's mail lost",
  "a line's mail doubled",
  "Redis differs from Postgres after the sweep",
  "a confirmation lost",
  "a deletion untold, or told twice",
  "a confirmation doubled",
  "two confirmations of a loop within an hour",
  "mail to nobody's registration",
  "a failed mail that no dead letter tells of",
  "a process that ended by itself",
] as const;
export type Violation = (typeof VIOLATIONS)[number];
