import type { Answer } from "../../worker/ops/cli.ts";
import type { Comparison } from "../command.ts";
import { startClient } from "../http/site.ts";
import { buildBenchPrograms } from "../programs.ts";
import { createProgress } from "../progress.ts";
import { beginResults, writeResults } from "../report/results.ts";
import { report } from "../report/tables.ts";
import type { Target } from "../report/targets.ts";
import { startServers } from "../servers.ts";
import { LARGE, rushDomain, rushHttp, rushSystem, SMALL } from "./rushes.ts";
import { checkOut, startVersion, type Version } from "./version.ts";

/** The first rounds only warm the processes up. */
const WARM_UPS = 2;

/** This version counts as slower below this share of the other's speed, or above this one of its cost. */
const NOT_SLOWER = 0.97;
const NOT_DEARER = 1.03;

const RUSHES = { http: rushHttp, domain: rushDomain, system: rushSystem };

/**
 * Serves this version and another one in turns, by the same Node and on the same servers, and
 * compares them within each round: whatever else the machine does then slows both down alike.
 */
export async function compare({ against, quick, rounds, out }: Comparison): Promise<Answer> {
  const progress = createProgress();
  const results = beginResults({ quick, rounds, out });
  const here = { ...(await checkOut(".", progress)), name: "this" };
  const there = await checkOut(against, progress);
  const targets = targetsOver(there.name);
  const programs = await buildBenchPrograms();
  const servers = await startServers(progress);
  const client = startClient(programs.client);
  const size = quick ? SMALL : LARGE;
  const versions: Version[] = [];
  const startedAtMs = performance.now();
  try {
    for (const [index, checkout] of [here, there].entries()) {
      const { addresses } = servers;
      const { people } = size;
      versions.push(await startVersion(checkout, { servers: addresses, index, people }));
    }
    // Strictly in turns: so each turn of one version follows the same kind of turn of the other.
    for (let round = 1 - WARM_UPS; round <= rounds; round++) {
      for (const version of versions) {
        for (const [workload, rush] of Object.entries(RUSHES)) {
          const side = version.name;
          progress(`round ${round} of ${rounds}: ${workload}, ${side}`);
          const values = await rush(version, { client, servers, size });
          if (round < 1) continue;
          results.measures.push({ workload, side, network: "loopback", round, values });
        }
      }
      results.seconds = Math.round((performance.now() - startedAtMs) / 1_000);
      writeResults(results, { name: "against", folder: out, targets });
    }
  } finally {
    client.stop();
    for (const version of versions) await version.stop();
    await servers.stop();
  }
  return { exitCode: 0, data: results, text: report(results, targets) };
}

function targetsOver(other: string): Target[] {
  const compared = { side: "this", over: { side: other } };
  const faster = { ...compared, atLeast: NOT_SLOWER };
  const cheaper = { ...compared, atMost: NOT_DEARER };
  const http = { workload: "http" };
  const domain = { workload: "domain" };
  const system = { workload: "system" };
  return [
    { ...http, ...faster, says: "seats/s", value: "seatsPerSecond" },
    { ...http, ...faster, says: "refusals/s", value: "refusalsPerSecond" },
    { ...http, ...faster, says: "looks at seats/s", value: "looksPerSecond" },
    { ...domain, ...faster, says: "seats/s", value: "seatsPerSecond" },
    { ...domain, ...faster, says: "refusals/s", value: "refusalsPerSecond" },
    { ...http, ...cheaper, says: "web CPU of a seat", value: "webMicrosASeat" },
    { ...http, ...cheaper, says: "web CPU of a refusal", value: "webMicrosARefusal" },
    { ...http, ...cheaper, says: "web CPU of a look at seats", value: "webMicrosALook" },
    { ...http, ...cheaper, says: "PostgreSQL CPU of a seat", value: "postgresMicrosASeat" },
    { ...http, ...cheaper, says: "Redis CPU of a seat", value: "redisMicrosASeat" },
    { ...http, ...cheaper, says: "worker CPU of a seat's mail", value: "workerMicrosASeat" },
    { ...system, ...faster, says: "seats/s, the worker running", value: "seatsPerSecond" },
    { ...system, ...cheaper, says: "seconds until the last mail", value: "mailSeconds" },
    { ...system, ...cheaper, says: "web CPU of a seat", value: "webMicros" },
    { ...system, ...cheaper, says: "worker CPU of a seat", value: "workerMicros" },
    { ...system, ...cheaper, says: "PostgreSQL CPU of a seat", value: "postgresMicros" },
    { ...system, ...cheaper, says: "Redis CPU of a seat", value: "redisMicros" },
    { ...system, ...cheaper, says: "CPU of a seat with its mail", value: "systemMicros" },
  ];
}
