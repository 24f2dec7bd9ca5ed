import { parseArgs } from "node:util";

/** What somebody asked of the bench. */
export interface Options {
  /** Fewer people and rounds: within three minutes, and noisier. */
  quick: boolean;
  /** Names of workloads; all when empty. */
  only: string[];
  /** At most so many a side; fewer when the time is up. */
  rounds: number;
  /** What all workloads share; the least of each (a warm-up and a round) is done in any case. */
  minutes: number;
  networks: ("loopback" | "delayed")[];
  /** Where the results go, relative to the project. */
  out: string;
  /** Keeps the results as those that the README tells of. */
  saveReference: boolean;
}

export const USAGE = `npm run bench -- [options]

  --quick            fewer people, fewer rounds, loopback only: within three minutes, and noisier
  --only NAME[,…]    only these workloads (--list shows them)
  --minutes N        what all workloads share (20; with --quick 2)
  --rounds N         how often each side runs at most (5; with --quick 2)
  --network WHICH    loopback, delayed (1 ms to Postgres and Redis) or both (default)
  --out FOLDER       where latest.json and latest.svg go (bench/results)
  --save-reference   keep them as reference.json and reference.svg too
  --list             the workloads, each with a line
`;

export type Request =
  | { status: "run"; options: Options }
  | { status: "list" | "help" }
  | { status: "wrong"; why: string };

/** Reads the command line. */
export function readOptions(args: string[], workloads: readonly string[]): Request {
  let given: Record<string, string | boolean | undefined>;
  try {
    given = parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    return { status: "wrong", why: error instanceof Error ? error.message : String(error) };
  }
  if (given.help) return { status: "help" };
  if (given.list) return { status: "list" };
  const quick = given.quick === true;
  const only = String(given.only ?? "")
    .split(",")
    .filter(Boolean);
  const unknown = only.find((name) => !workloads.includes(name));
  if (unknown) return { status: "wrong", why: `There is no workload ${unknown}: see --list.` };
  const minutes = Number(given.minutes ?? (quick ? 2 : 20));
  if (!(minutes > 0)) return { status: "wrong", why: "--minutes wants a number above 0." };
  const rounds = Number(given.rounds ?? (quick ? 2 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) {
    return { status: "wrong", why: "--rounds wants a whole number from 1." };
  }
  const networks = NETWORKS.get(String(given.network ?? (quick ? "loopback" : "both")));
  if (!networks) return { status: "wrong", why: "--network is loopback, delayed or both." };
  const out = String(given.out ?? "bench/results");
  const saveReference = given["save-reference"] === true;
  const options = { quick, only, rounds, minutes, networks, out, saveReference };
  return { status: "run", options };
}

const NETWORKS = new Map<string, Options["networks"]>([
  ["loopback", ["loopback"]],
  ["delayed", ["delayed"]],
  ["both", ["loopback", "delayed"]],
]);

const FLAGS = {
  quick: { type: "boolean" },
  only: { type: "string" },
  rounds: { type: "string" },
  minutes: { type: "string" },
  network: { type: "string" },
  out: { type: "string" },
  "save-reference": { type: "boolean" },
  list: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
