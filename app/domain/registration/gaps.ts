import { setTimeout as delay } from "node:timers/promises";
import type { EntityManager } from "@mikro-orm/postgresql";
import { log } from "~/platform/log";
import { database } from "~/platform/orm";
import { isLoggedOutage } from "~/platform/postgres-error";
import { oweSync } from "./seats/sync";

/** What a process knows about gaps is at most this old, milliseconds. */
const KNOWN_FOR_MS = 250;
/** A request waits at most this long for the answer, milliseconds. */
const ASKED_FOR_MS = 300;
/** After this long every process knows of a new gap, milliseconds. */
const KNOWN_EVERYWHERE_MS = KNOWN_FOR_MS + 100;
/** How long a gap stays announced at least, seconds: requests of its time are over then. */
const ANNOUNCED_S = 10;

/**
 * Notes a gap, in the transaction of a registration that is made without Redis: Redis does not know of
 * it. The registration is not answered before `announceGap`.
 */
export async function noteGap(
  em: EntityManager,
  { competitionId, registrationId }: { competitionId: string; registrationId: string },
): Promise<void> {
  await em.execute(
    "insert into redis_gap (registration_id, competition_id) values (?, ?) on conflict do nothing",
    [registrationId, competitionId],
  );
}

/** Resolves when every process that reaches Postgres knows of the gaps committed until now. */
export function announceGap(): Promise<void> {
  return delay(KNOWN_EVERYWHERE_MS);
}

/**
 * Whether a process without Redis may have given a seat of this competition that Redis has not heard of. If
 * so, what Redis says about a key may be wrong, and Postgres must be asked. Costs one small query each quarter second.
 *
 * Without an answer to that query nobody knows: seats may have been given since the last one.
 */
export async function mayHaveRedisGap(competitionId: string): Promise<boolean> {
  // One query at a time: while Postgres is silent, they must not use up the pool.
  if (!isAsking && performance.now() - askedAt > KNOWN_FOR_MS) {
    askedAt = performance.now();
    asking = Promise.race([ask(), delay(ASKED_FOR_MS, undefined, { ref: false })]);
  }
  await asking;
  return performance.now() - knownAt > KNOWN_FOR_MS + ASKED_FOR_MS || gaps.has(competitionId);
}

/** The gaps that were announced for long enough, by competition: to be closed once Redis has heard of them. */
export function findOldGaps(): Promise<OldGaps[]> {
  return database().execute<OldGaps[]>(
    `select competition_id as "competitionId", array_agg(registration_id::text) as "registrationIds"
       from redis_gap where noted_at < now() - make_interval(secs => ?) group by 1`,
    [ANNOUNCED_S],
  );
}

interface OldGaps {
  competitionId: string;
  registrationIds: string[];
}

/** Ends the announcement of gaps that Redis has heard of. */
export async function closeGaps({ registrationIds }: OldGaps): Promise<void> {
  await database().execute("delete from redis_gap where registration_id = any(?::uuid[])", [
    `{${registrationIds.join(",")}}`,
  ]);
}

/** Each competition with a gap, and a text that changes when a gap is added. */
let gaps = new Map<string, string>();
let askedAt = Number.NEGATIVE_INFINITY;
/** When the query began whose answer that is. */
let knownAt = Number.NEGATIVE_INFINITY;
let asking: Promise<void> | undefined;
let isAsking = false;

async function ask(): Promise<void> {
  isAsking = true;
  const beganAt = performance.now();
  try {
    const rows = await database().execute<{ id: string; state: string }[]>(
      `select competition_id as id, count(*) || ' ' || max(noted_at) as state from redis_gap
        group by 1`,
    );
    const found = new Map(rows.map(({ id, state }) => [id, state]));
    for (const [id, state] of found) if (gaps.get(id) !== state) oweSync(id);
    gaps = found;
    knownAt = beganAt;
  } catch (error) {
    if (!isLoggedOutage(error)) log.warn({ err: error }, "gaps of Redis");
  } finally {
    isAsking = false;
  }
}
