import type { Measure, Network } from "../measure";

/** What is to be true of a run: a value of one side over another's, within each round. */
export interface Target {
  says: string;
  workload: string;
  network?: Network;
  value: string;
  side: string;
  /** What it is compared with: another side, fewer of what is varied, or nothing (the value itself). */
  over: { side: string } | "fewest" | "nothing";
  atLeast?: number;
  atMost?: number;
}

/** How much "flat" may cost. */
const FLAT = 1.3;

const seats = { value: "seatsPerSecond", side: "product" };
const flatP50 = { value: "p50Ms", side: "product", over: "fewest", atMost: FLAT } as const;
const constantMemory = { value: "peakMb", side: "product", over: "fewest", atMost: FLAT } as const;
const exactly = { side: "product", over: "nothing", atMost: 0 } as const;

export const TARGETS: readonly Target[] = [
  {
    ...seats,
    says: "seats/s, over the seed's algorithm",
    workload: "hot",
    over: { side: "seed" },
    atLeast: 12,
  },
  {
    ...seats,
    says: "seats/s, over the conditional counter",
    workload: "hot",
    over: { side: "counter" },
    atLeast: 3.5,
  },
  {
    ...seats,
    says: "seats/s, over the conditional counter",
    workload: "hot",
    network: "delayed",
    over: { side: "counter" },
    atLeast: 5,
  },
  {
    ...seats,
    says: "seats/s, over the same batches as bare SQL",
    workload: "hot",
    over: { side: "bare-batches" },
    atLeast: 0.5,
  },
  {
    says: "refusals/s, over the seed's algorithm",
    workload: "sold-out",
    value: "refusalsPerSecond",
    side: "product",
    over: { side: "seed" },
    atLeast: 60,
  },
  {
    says: "refusals/s, over the Lua script alone",
    workload: "sold-out",
    value: "refusalsPerSecond",
    side: "product",
    over: { side: "lua-alone" },
    atLeast: 0.7,
  },
  {
    ...seats,
    says: "seats/s over HTTP, over the seed's algorithm",
    workload: "http-hot",
    over: { side: "seed" },
    atLeast: 8,
  },
  {
    says: "refusals/s over HTTP, over the seed's algorithm",
    workload: "http-sold-out",
    value: "perSecond",
    side: "product",
    over: { side: "seed" },
    atLeast: 10,
  },
  {
    says: "CPU of a refusal, over an empty resource route",
    workload: "http-sold-out",
    value: "cpuMicros",
    side: "product",
    over: { side: "empty-resource" },
    atMost: 2,
  },
  {
    says: "p99 at 200 at once over HTTP, over the seed's algorithm",
    workload: "http-hot",
    value: "p99Ms",
    side: "product",
    over: { side: "seed" },
    atMost: 0.2,
  },
  {
    says: "p50 of a lone registration over HTTP, over a bare insert",
    workload: "http-lone",
    value: "p50Ms",
    side: "product",
    over: { side: "bare-insert" },
    atMost: 1.3,
  },
  { ...flatP50, says: "p50, seats of a competition", workload: "flat-seats" },
  { ...flatP50, says: "p50, registrations in the database", workload: "flat-rows" },
  { ...flatP50, says: "p50, competitions known to Redis", workload: "flat-known" },
  { ...constantMemory, says: "peak memory of reminders", workload: "reminders" },
  { ...constantMemory, says: "peak memory of a sweep", workload: "sweep" },
  ...["list", "detail"].map((side) => ({
    says: `CPU of the ${side} page, over an empty page`,
    workload: "pages",
    value: "cpuMicros",
    side,
    over: { side: "empty-page" },
    atMost: 3,
  })),
  {
    says: "p99 of a registration beside a hundred logins, over without",
    workload: "logins",
    value: "p99Ms",
    side: "hundred-log-in",
    over: { side: "nobody-logs-in" },
    atMost: FLAT,
  },
  { ...exactly, says: "seats sold twice", workload: "oversell", value: "oversold" },
  { ...exactly, says: "repeats with another answer", workload: "twice", value: "twoAnswers" },
];

/** The measures that a target is about, and those that it compares them with. */
export function sidesOf(target: Target, measures: readonly Measure[]) {
  const { workload, network = "loopback", over } = target;
  const all = measures.filter((one) => one.workload === workload && one.network === network);
  const own = all.filter(({ side }) => side === target.side);
  if (over === "nothing") return { own, others: null };
  if (over !== "fewest") return { own, others: all.filter(({ side }) => side === over.side) };
  const points = own.map(({ point }) => point ?? 0);
  const at = (wanted: number) => own.filter(({ point }) => point === wanted);
  return { own: at(Math.max(...points)), others: at(Math.min(...points)) };
}
