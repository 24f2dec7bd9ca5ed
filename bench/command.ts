import * as z from "zod";
import { type Answer, type Outcome, parsedBy, runCli } from "../worker/ops/cli.ts";
import { table } from "../worker/ops/table.ts";
import type { Network } from "./measure.ts";
import { WORKLOADS } from "./workloads.ts";

/** What to run, and how. */
export interface Options {
  /** Fewer people and rounds: within three minutes, and noisier. */
  quick: boolean;
  /** Names of workloads; all when empty. */
  only: string[];
  /** The most rounds for each side; fewer when the time is up. */
  rounds: number;
  /** What all workloads share; the least of each (a warm-up and a round) is done in any case. */
  minutes: number;
  networks: Network[];
  /** The folder where the results go. */
  out: string;
  /** Keeps the results as the ones that the README quotes. */
  saveReference: boolean;
}

/** Another version to compare with: a commit, or a folder that holds a checkout. */
export interface Comparison extends Pick<Options, "quick" | "rounds" | "out"> {
  against: string;
}

/** When pages are painted; alone where no other version is named. */
export interface PaintComparison extends Pick<Options, "rounds" | "out"> {
  against: string | undefined;
}

interface Flags extends Partial<Omit<Options, "networks">> {
  network?: keyof typeof NETWORKS;
  against?: string;
  paint?: boolean;
  list?: boolean;
}

/** What the command line can ask for. */
export interface Bench {
  run: (options: Options) => Promise<Answer>;
  compare: (comparison: Comparison) => Promise<Answer>;
  comparePaint: (comparison: PaintComparison) => Promise<Answer>;
}

/** Runs `npm run bench` with these arguments. */
export function benchCommand(args: string[], bench: Bench): Promise<Outcome> {
  return runCli({ name: "npm run bench --", args }, (program, ends) => {
    program
      .option(
        "--quick",
        "fewer people, fewer rounds, loopback only: within three minutes, and noisier",
      )
      .option("--only <names>", "only these workloads, with commas between them", names)
      .option("--minutes <n>", "what all workloads share (35; with --quick 2)", minutes)
      .option("--rounds <n>", "how often each side runs at most (5; with --quick 2)", rounds)
      .option(
        "--network <which>",
        "loopback, delayed (1 ms to Postgres and Redis) or both",
        network,
      )
      .option("--out <folder>", "where latest.json and latest.svg go", "bench/results")
      .option("--save-reference", "keep them as reference.json and reference.svg too")
      .option("--list", "the workloads, each with a line")
      .option("--against <version>", "compare with a commit or a folder, in turns (15 rounds)")
      .option("--paint", "when a slow phone has painted a page; with --against in turns (9 rounds)")
      .action(
        ends((given: Flags) => {
          const {
            list,
            against,
            paint,
            quick = false,
            network: which,
            only = [],
            ...flags
          } = given;
          const { out = "", saveReference = false } = flags;
          const roundsOr = (usual: number) => flags.rounds ?? (quick ? 3 : usual);
          if (list) return listWorkloads();
          if (paint) return bench.comparePaint({ against, rounds: roundsOr(9), out });
          if (against) return bench.compare({ against, quick, rounds: roundsOr(15), out });
          return bench.run({
            quick,
            only,
            rounds: flags.rounds ?? (quick ? 2 : 5),
            minutes: flags.minutes ?? (quick ? 2 : 35),
            networks: NETWORKS[which ?? (quick ? "loopback" : "both")],
            out,
            saveReference,
          });
        }),
      );
  });
}

const NETWORKS = {
  loopback: ["loopback"],
  delayed: ["delayed"],
  both: ["loopback", "delayed"],
} satisfies Record<string, Network[]>;

const network = parsedBy(z.enum(["loopback", "delayed", "both"]));
const minutes = parsedBy(z.coerce.number().positive());
const rounds = parsedBy(z.coerce.number().int().min(1));
const names = parsedBy(
  z
    .string()
    .transform((given) => given.split(","))
    .pipe(z.array(z.enum(WORKLOADS.map(({ name }) => name)))),
);

async function listWorkloads(): Promise<Answer> {
  const rows = WORKLOADS.map(({ name, says }) => [name, says]);
  return { exitCode: 0, data: WORKLOADS, text: table(["workload", "what it measures"], rows) };
}
