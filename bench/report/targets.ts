import type { Measure, Network } from "../measure.ts";

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
  /** Of a bound that is not a ratio, so that it holds for a quiet machine with two cores only. */
  unit?: string;
}

/** What `npm run bench` judges. */
export const TARGETS: readonly Target[] = read(`
system         | perSecond         | product / seed         | ≥ 8   | seats/s with mail, over the seed's system
system         | perSecond         | product, refusals / seed, refusals | ≥ 15 | refusals/s, over the seed's system
system         | p99Ms             | product / seed         | ≤ 0.125 | p99 at 200 at once with mail, over the seed's system
system         | perSecond         | product / product, worker stopped | ≥ 0.85 | seats/s with mail, over without a worker
system         | webMicros         | product / nothing      | ≤ 120 µs | web CPU of a seat
system         | workerMicros      | product / nothing      | ≤ 200 µs | worker CPU of a seat with its mail
system         | postgresMicros    | product / nothing      | ≤ 300 µs | PostgreSQL CPU of a seat with its mail
system         | redisMicros       | product / nothing      | ≤ 150 µs | Redis CPU of a seat with its mail
system         | systemMicros      | product / nothing      | ≤ 800 µs | CPU of a seat with its mail, all together
system         | mailSeconds       | product, 10,000 seats / nothing | ≤ 5 s | from the last of 10,000 seats to the last mail
system         | webMicros         | product, refusals / nothing | ≤ 50 µs | web CPU of a refusal
system         | perSecond         | product, looks / nothing | ≥ 15000 /s | looks at the seats of open pages
line           | redisMicros       | join / seat            | ≤ 1.2 | Redis CPU of a join, over a seat
line           | webMicros         | join / seat            | ≤ 1.2 | web CPU of a join, over a seat
line           | perSecond         | join / seat            | ≥ 0.83 | joins/s, over seats/s
line           | webMicros         | refusal, line full / refusal, no line | ≤ 1.05 | web CPU of a refusal with the line full
line           | batchSize         | join beside cancellations / join | ≥ 0.5 | joins a transaction beside cancellations, over without
line           | answeredSeconds   | 20,000 at once / nothing | ≤ 6 s | 20,000 people for 1,000 seats and a line: answered
line           | lockMs            | 1,000 promoted / nothing | ≤ 100 ms | 1,000 promoted: how long the competition is locked
line           | settledSeconds    | 1,000 promoted / nothing | ≤ 5 s | 1,000 promoted: until Redis and all mail have them
line           | wrong             | 20,000 at once / nothing | ≤ 0   | 20,000 at once: answers and places that are wrong
line-alternatives | joinsPerSecond | product / counter      | ≥ 1   | joins/s, over a counter row
hot            | seatsPerSecond    | product / seed         | ≥ 12  | seats/s, over the seed's algorithm
hot            | seatsPerSecond    | product / counter      | ≥ 3.5 | seats/s, over the conditional counter
hot, delayed   | seatsPerSecond    | product / counter      | ≥ 5   | seats/s, over the conditional counter
hot            | seatsPerSecond    | product / bare-batches | ≥ 0.5 | seats/s, over the same batches as bare SQL
sold-out       | refusalsPerSecond | product / seed         | ≥ 60  | refusals/s, over the seed's algorithm
sold-out       | refusalsPerSecond | product / lua-alone    | ≥ 0.7 | refusals/s, over the Lua script alone
http-hot       | seatsPerSecond    | product / seed         | ≥ 8   | seats/s over HTTP, over the seed's algorithm
http-sold-out  | perSecond         | product / seed         | ≥ 10  | refusals/s over HTTP, over the seed's algorithm
http-sold-out  | cpuMicros         | product / empty-resource | ≤ 2 | CPU of a refusal, over an empty resource route
http-hot       | p99Ms             | product / seed         | ≤ 0.2 | p99 at 200 at once over HTTP, over the seed's algorithm
http-lone      | p50Ms             | product / bare-insert  | ≤ 1.3 | p50 of a lone registration over HTTP, over a bare insert
flat-seats     | p50Ms             | product / fewest       | ≤ 1.3 | p50, seats of a competition
flat-rows      | p50Ms             | product / fewest       | ≤ 1.3 | p50, registrations in the database
flat-known     | p50Ms             | product / fewest       | ≤ 1.3 | p50, competitions known to Redis
reminders      | peakMb            | product / fewest       | ≤ 1.3 | peak memory of reminders
sweep          | peakMb            | product / fewest       | ≤ 1.3 | peak memory of a sweep
pages          | cpuMicros         | list / empty-page      | ≤ 3   | CPU of the list page, over an empty page
pages          | cpuMicros         | detail / empty-page    | ≤ 3   | CPU of the detail page, over an empty page
logins         | p99Ms             | hundred-log-in / nobody-logs-in | ≤ 1.3 | p99 of a registration beside a hundred logins, over without
oversell       | oversold          | product / nothing      | ≤ 0   | seats sold twice
twice          | twoAnswers        | product / nothing      | ≤ 0   | repeats with another answer`);

/** Reads lines of: workload and network, value, the side over what, bound and unit, words. */
function read(table: string): Target[] {
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [where = "", value = "", sides = "", bound = "", says = ""] = line.split(/ +\| +/);
      const [workload = "", network] = where.split(", ");
      const [side = "", over = ""] = sides.split(" / ");
      const [sign, figure, unit] = bound.split(" ");
      return {
        says,
        workload,
        network: network === "delayed" ? network : "loopback",
        value,
        side,
        over: over === "fewest" || over === "nothing" ? over : { side: over },
        [sign === "≥" ? "atLeast" : "atMost"]: Number(figure),
        unit,
      };
    });
}

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
