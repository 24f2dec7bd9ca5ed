/** Two hundred people at the same moment: the rush that all sides meet. */
export const AT_ONCE = 200;

/** Where Postgres and Redis are, seen from what is measured. */
export type Network = "loopback" | "delayed";

/** What one side did in one round of one workload. */
export interface Measure {
  workload: string;
  side: string;
  network: Network;
  /** Counted from 1. The sides of one round ran one after the other: their ratio is a fair one. */
  round: number;
  /** What was varied, where a workload has several points (how many at once, how many seats). */
  point?: number;
  /** By name; the name says the unit: `seatsPerSecond`, `p99Ms`, `oversold`. */
  values: Record<string, number>;
}

/** What a workload's process gets from its parent. */
export interface Order {
  workload: string;
  quick: boolean;
  /** The most rounds; fewer when the time is up. */
  rounds: number;
  network: Network;
  /** No round begins that would not end within this, milliseconds; one is always played. */
  forMs: number;
  /** The servers' processes, for what they cost. */
  pids: { postgres: number; redis: number };
}

/** What a workload's process sends to its parent. */
export type Message =
  | { kind: "progress"; text: string }
  | { kind: "measure"; measure: Measure }
  | { kind: "failed"; text: string };
