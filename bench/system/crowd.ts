import { setTimeout } from "node:timers/promises";
import type { Pool } from "pg";
import { meter, microsEach } from "../cpu.ts";
import type { Client } from "../http/site.ts";
import { AT_ONCE } from "../measure.ts";
import { type Ending, valuesOfStream } from "../trace.ts";

/** What a crowd asks of a running system, and who answers it. */
export interface Crowd {
  client: Client;
  port: number;
  requests: string[];
  /** How each request is to end. */
  expected: Ending;
  atOnce?: number;
  forAtMostMs?: number;
  /** The processes whose CPU counts, by their names. */
  pids: Readonly<Record<string, number>>;
  /** Resolves when all mail is written; left out where none is. */
  untilWritten?: () => Promise<void>;
}

/**
 * Lets a crowd ask over HTTP, and waits for its mail.
 *
 * @returns how fast it was answered, how long its last mail took after that, and the CPU of each
 *   process for one request, mail included, µs: all but the client's add up to `systemMicros`
 */
export async function serve({
  client,
  port,
  requests,
  expected,
  atOnce = AT_ONCE,
  forAtMostMs = 60_000,
  pids,
  untilWritten,
}: Crowd): Promise<Record<string, number> & { perSecond: number; wrong: number }> {
  const { result, cpuMs } = await meter({ ...pids, client: client.pid }, async () => {
    const trace = await client.send({ port, requests, atOnce, forAtMostMs });
    const answeredAtMs = performance.now();
    await untilWritten?.();
    return { trace, mailSeconds: (performance.now() - answeredAtMs) / 1_000 };
  });
  const { trace, mailSeconds } = result;
  const { clientMicros = Number.NaN, ...micros } = microsEach(cpuMs, trace.requests.length);
  return {
    ...valuesOfStream(trace),
    ...(untilWritten && { mailSeconds }),
    ...micros,
    systemMicros: Object.values(micros).reduce((sum, one) => sum + one, 0),
    clientMicros,
    wrong: trace.requests.filter(({ ending }) => ending !== expected).length,
  };
}

/** How often it is checked whether all mail is written, milliseconds. */
const CHECKED_EVERY_MS = 50;

/** Waits until a query says `done`. */
export async function untilDone(pool: Pool, query: string): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ done: boolean }>(query);
    if (rows[0]?.done) return;
    await setTimeout(CHECKED_EVERY_MS);
  }
}

/** Waits until the product's mail is all in the mailbox. An index answers, at no cost that would count. */
export function untilWritten(pool: Pool): Promise<void> {
  return untilDone(pool, `select not exists (${OWED}) as done`);
}

const OWED = "select from outbox where done_at is null and dead_at is null";
