import { randomInt } from "node:crypto";
import { ensureBuild } from "../../../scripts/launcher/build.ts";
import { sweepThrowAways } from "../../support/throw-away";
import { type Options, readOptions, USAGE } from "./options";
import { SQUALL, STORM, WITHOUT } from "./plays";
import { report, reportJson } from "./report";
import { startSite } from "./site";

const LONG_MS = 5 * 60_000;

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  const { seed = randomInt(1_000_000), without, short, json } = options;
  let stopped = false;
  process.once("SIGINT", () => {
    stopped = true;
    log("Stopping after this round; press Ctrl-C again to leave at once.");
    process.once("SIGINT", () => process.exit(130));
  });
  await sweepThrowAways();
  await ensureBuild(log);
  log(`Seed ${seed}${without ? `, without ${without}` : ""}`);
  const scenario = (without && WITHOUT[without]) || (short ? SQUALL : STORM);
  const oneRound = short || without !== undefined;
  const durationMs = options.duration ?? scenario.soughtForMs ?? (oneRound ? 0 : LONG_MS);
  const site = await startSite(scenario.site);
  Object.assign(process.env, site.env);
  const { run } = await import("./run");
  const { play } = scenario;
  const stopsAt = ({ violated }: { violated: number }) =>
    stopped || (without !== undefined && violated > 0);
  const tally = await run({ site, play, seed, durationMs, stopsAt, log });
  const say = json ? reportJson : report;
  await new Promise((resolve) => process.stdout.write(`${say(tally, { seed })}\n`, resolve));
  return tally.violated > 0 ? 1 : 0;
}

// After hundreds of child processes Node 20 may spin for ever over their handles instead of ending.
process.exit(await main());
