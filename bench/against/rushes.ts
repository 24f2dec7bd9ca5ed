import { meter, microsEach } from "../cpu.ts";
import { openOverHttp, page, registration } from "../http/requests.ts";
import type { Client } from "../http/site.ts";
import { AT_ONCE } from "../measure.ts";
import type { Servers } from "../servers.ts";
import { serve, untilWritten } from "../system/crowd.ts";
import type { Version } from "./version.ts";

/** Of each turn: the seats given, the people refused after that, and the open pages that look. */
export interface Size {
  people: number;
  http: { capacity: number; refusals: number; looks: number };
  domain: { capacity: number; refusals: number };
  /** Seats given while a worker writes their mail. */
  system: { capacity: number };
}

export const LARGE: Size = {
  people: 8_000,
  http: { capacity: 1_000, refusals: 2_000, looks: 5_000 },
  domain: { capacity: 4_000, refusals: 16_000 },
  system: { capacity: 6_000 },
};
export const SMALL: Size = {
  people: 2_000,
  http: { capacity: 500, refusals: 1_000, looks: 2_000 },
  domain: { capacity: 1_000, refusals: 4_000 },
  system: { capacity: 2_000 },
};

interface Scene {
  client: Client;
  servers: Servers;
  size: Size;
}

/**
 * Sells a competition out over HTTP, turns people away, has open pages ask for its seats, and a worker
 * write the mail.
 */
export async function rushHttp(version: Version, { client, servers, size }: Scene) {
  const { capacity, refusals, looks } = size.http;
  const { web, organizer, people } = version;
  const competitionId = await openOverHttp(web.port, { organizer, capacity });
  const crowd = { client, port: web.port, pids: { web: web.pid, ...servers.pids } };
  const requests = people.map((caller) => registration(caller, competitionId));
  const [inTime, late] = [requests.slice(0, capacity), requests.slice(capacity)];
  const look = page(`/competitions/${competitionId}/seats`);
  const seats = await serve({ ...crowd, requests: inTime, expected: "registered" });
  const refused = await serve({ ...crowd, requests: late.slice(0, refusals), expected: "full" });
  const seen = await serve({ ...crowd, requests: Array(looks).fill(look), expected: "ok" });
  const { webMicros = Number.NaN, postgresMicros = Number.NaN, redisMicros = Number.NaN } = seats;
  return {
    seatsPerSecond: seats.perSecond,
    refusalsPerSecond: refused.perSecond,
    p99Ms: seats.p99Ms ?? Number.NaN,
    webMicrosASeat: webMicros,
    webMicrosARefusal: refused.webMicros ?? Number.NaN,
    looksPerSecond: seen.perSecond,
    webMicrosALook: seen.webMicros ?? Number.NaN,
    postgresMicrosASeat: postgresMicros,
    redisMicrosASeat: redisMicros,
    workerMicrosASeat: await writeMail(version, capacity),
    wrong: seats.wrong + refused.wrong + seen.wrong,
  };
}

/** Sells a competition out without HTTP, then turns people away. */
export async function rushDomain({ rushDomain, pool }: Version, { size }: Scene) {
  const values = await rushDomain({ ...size.domain, atOnce: AT_ONCE });
  // Else the worker of the next turn over HTTP would write this mail too.
  await pool.query("truncate outbox");
  return values;
}

/**
 * All of it as it ships: sells a competition out over HTTP while a worker writes the mail.
 *
 * @returns the CPU of each process for a seat with its mail, µs, and when the last mail was there
 */
export async function rushSystem(version: Version, { client, servers, size }: Scene) {
  const { capacity } = size.system;
  const { web, organizer, people, pool } = version;
  const competitionId = await openOverHttp(web.port, { organizer, capacity });
  const worker = await version.startWorker();
  const { perSecond: seatsPerSecond, ...values } = await serve({
    client,
    port: web.port,
    requests: people.slice(0, capacity).map((caller) => registration(caller, competitionId)),
    expected: "registered",
    pids: { web: web.pid, worker: worker.pid, ...servers.pids },
    untilWritten: () => untilWritten(pool),
  });
  await worker.stop();
  return { seatsPerSecond, ...values };
}

/** A worker writes the mail of all seats. @returns its CPU for each, µs, without its start */
async function writeMail({ pool, startWorker }: Version, seats: number): Promise<number> {
  const worker = await startWorker();
  const { cpuMs } = await meter({ worker: worker.pid }, () => untilWritten(pool));
  await worker.stop();
  return microsEach(cpuMs, seats).workerMicros ?? Number.NaN;
}
