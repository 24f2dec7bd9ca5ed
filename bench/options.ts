import { parseArgs } from "node:util";

/** What somebody asked of the bench. */
export interface Options {
  /** Fewer people and rounds: under two minutes, and noisier. */
  quick: boolean;
  /** Names of workloads; all when empty. */
  only: string[];
  rounds: number;
  networks: ("loopback" | "delayed")[];
  /** Where the results go, relative to the project. */
  out: string;
}

export const USAGE = `npm run bench -- [options]

  --quick            fewer people, fewer rounds: under two minutes, and noisier
  --only NAME[,…]    only these workloads (--list shows them)
  --rounds N         how often each side runs (5; with --quick 3)
  --network WHICH    loopback, delayed (1 ms to Postgres and Redis) or both (default)
  --out FOLDER       where the results go (bench/results)
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
  const rounds = Number(given.rounds ?? (quick ? 3 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) {
    return { status: "wrong", why: "--rounds wants a whole number from 1." };
  }
  const networks = NETWORKS.get(String(given.network ?? "both"));
  if (!networks) return { status: "wrong", why: "--network is loopback, delayed or both." };
  const out = String(given.out ?? "bench/results");
  return { status: "run", options: { quick, only, rounds, networks, out } };
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
  network: { type: "string" },
  out: { type: "string" },
  list: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;
