import { setTimeout } from "node:timers/promises";
import { cpuMsOf } from "../cpu.ts";
import { openOverHttp, page, registration } from "../http/requests.ts";
import type { Client } from "../http/site.ts";
import { AT_ONCE } from "../measure.ts";
import type { Servers } from "../servers.ts";
import { valuesOfStream } from "../trace.ts";
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
  const { postgres, redis } = servers.pids;
  const register = (callers: Version["people"]) =>
    callers.map((caller) => registration(caller, competitionId));
  const look = page(`/competitions/${competitionId}/seats`);
  const send = async (requests: string[], expected: "registered" | "full" | "ok") => {
    const order = { port: web.port, requests, atOnce: AT_ONCE, forAtMostMs: 60_000 };
    const readCpu = () => [web.pid, postgres, redis].map(cpuMsOf);
    const before = readCpu();
    const trace = await client.send(order);
    const micros = readCpu().map((ms, index) => microsEach(before[index], ms, requests.length));
    const wrong = trace.requests.filter(({ ending }) => ending !== expected).length;
    return { ...valuesOfStream(trace), micros, wrong };
  };
  const seats = await send(register(people.slice(0, capacity)), "registered");
  const refused = await send(register(people.slice(capacity, capacity + refusals)), "full");
  const seen = await send(Array(looks).fill(look), "ok");
  const [webMicrosASeat = Number.NaN, postgresMicrosASeat, redisMicrosASeat] = seats.micros;
  return {
    seatsPerSecond: seats.perSecond,
    refusalsPerSecond: refused.perSecond,
    p99Ms: seats.p99Ms,
    webMicrosASeat,
    webMicrosARefusal: refused.micros[0] ?? Number.NaN,
    looksPerSecond: seen.perSecond,
    webMicrosALook: seen.micros[0] ?? Number.NaN,
    postgresMicrosASeat: postgresMicrosASeat ?? Number.NaN,
    redisMicrosASeat: redisMicrosASeat ?? Number.NaN,
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
  const { postgres, redis } = servers.pids;
  const readCpu = () => [web.pid, worker.pid, postgres, redis].map(cpuMsOf);
  const requests = people.slice(0, capacity).map((caller) => registration(caller, competitionId));
  const before = readCpu();
  const order = { port: web.port, requests, atOnce: AT_ONCE, forAtMostMs: 60_000 };
  const trace = await client.send(order);
  const lastSeatAtMs = performance.now();
  await untilWritten(pool);
  const mailSeconds = (performance.now() - lastSeatAtMs) / 1_000;
  const micros = readCpu().map((ms, index) => microsEach(before[index], ms, capacity));
  await worker.stop();
  const [webMicros = 0, workerMicros = 0, postgresMicros = 0, redisMicros = 0] = micros;
  return {
    seatsPerSecond: valuesOfStream(trace).perSecond,
    mailSeconds,
    webMicros,
    workerMicros,
    postgresMicros,
    redisMicros,
    systemMicros: webMicros + workerMicros + postgresMicros + redisMicros,
    wrong: trace.requests.filter(({ ending }) => ending !== "registered").length,
  };
}

/** How often it is checked whether all mail is written, milliseconds. */
const CHECKED_EVERY_MS = 50;

async function untilWritten(pool: Version["pool"]): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query("select 1 from outbox where done_at is null limit 1");
    if (rowCount === 0) return;
    await setTimeout(CHECKED_EVERY_MS);
  }
}

/** A worker writes the mail of all seats. @returns its CPU for each, µs, without its start */
async function writeMail({ pool, startWorker }: Version, seats: number): Promise<number> {
  const worker = await startWorker();
  const before = cpuMsOf(worker.pid);
  await untilWritten(pool);
  const micros = microsEach(before, cpuMsOf(worker.pid), seats);
  await worker.stop();
  return micros;
}

function microsEach(beforeMs: number | undefined, afterMs: number, count: number): number {
  return ((afterMs - (beforeMs ?? Number.NaN)) * 1_000) / count;
}
