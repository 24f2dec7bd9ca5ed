import { randomInt } from "node:crypto";
import { checkOut } from "../../../bench/against/version.ts";
import { ensureBuild } from "../../../scripts/launcher/build.ts";
import { type Answer, print } from "../../../worker/ops/cli.ts";
import { sweepThrowAways } from "../../support/throw-away";
import { harnessCommand, type Options } from "./options";
import { HOSTILE, ROLLING, SQUALL, STORM, WITHOUT } from "./plays";
import { report, summary } from "./report";
import { startSite } from "./site";

const LONG_MS = 5 * 60_000;

/** Lets hostile clients loose, each in turn, in place of faults. */
async function attack({ duration, short }: Options): Promise<Answer> {
  await sweepThrowAways();
  await ensureBuild(log);
  const site = await startSite(HOSTILE);
  Object.assign(process.env, site.env);
  const { runHostile } = await import("../hostile/run");
  const attackMs = duration ?? (short ? 2_000 : 20_000);
  const [competitions, people] = short ? [500, 600] : [5_000, 8_000];
  return runHostile({ site, attackMs, competitions, people, log });
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Plays rounds until the time is up, Ctrl-C, or, without a guard, its violation. */
async function play({ duration, seed: given, short, without, beside }: Options): Promise<Answer> {
  const seed = given ?? randomInt(1_000_000);
  let stopped = false;
  process.once("SIGINT", () => {
    stopped = true;
    log("Stopping after this round; press Ctrl-C again to leave at once.");
    process.once("SIGINT", () => process.exit(130));
  });
  // Not at once: that would leave the servers running.
  process.once("SIGTERM", () => {
    stopped = true;
  });
  await sweepThrowAways();
  await ensureBuild(log);
  log(`Seed ${seed}${without ? `, without ${without}` : ""}`);
  const usual = beside ? ROLLING : short ? SQUALL : STORM;
  const scenario = (without && WITHOUT[without]) || usual;
  const oneRound = short || without !== undefined || beside !== undefined;
  const durationMs = duration ?? scenario.soughtForMs ?? (oneRound ? 0 : LONG_MS);
  const olderFolder = beside && (await checkOut(beside, log)).folder;
  const site = await startSite({ ...scenario.site, olderFolder });
  Object.assign(process.env, site.env);
  const { run } = await import("./run");
  const { play, sought } = scenario;
  const tally = await run({ site, play, seed, durationMs, isStopped: () => stopped, sought, log });
  log(`Summary ${summary(tally, { seed })}`);
  return report(tally, { seed });
}

const outcome = await harnessCommand(process.argv.slice(2), (options) =>
  options.hostile ? attack(options) : play(options),
);
await print(outcome);
// After hundreds of child processes Node 20 may spin for ever over their handles instead of ending.
process.exit(outcome.exitCode);
