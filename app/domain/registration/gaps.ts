import { setTimeout as delay } from "node:timers/promises";
import type { EntityManager } from "@mikro-orm/postgresql";
import { log } from "~/platform/log";
import { database } from "~/platform/orm";
import { oweSync } from "./seats/sync";

/** What a process knows of the gaps is at most this old, milliseconds. */
const KNOWN_FOR_MS = 250;
/** Nobody waits longer for it, milliseconds. */
const ASKED_FOR_MS = 300;
/** After this long every process knows, milliseconds. */
const KNOWN_TO_ALL_MS = KNOWN_FOR_MS + 100;
/** For so long a gap is minded; the sweep has closed it by then. Seconds. */
const MINDED_S = 10;
/** For so long a note is kept, seconds. */
const KEPT_S = 60;

/**
 * Notes, in the transaction of a registration that is made without Redis, that Redis does not know
 * of it. Its commit is not answered before `announced`.
 */
export async function noteRedisGap(
  em: EntityManager,
  { competitionId, registrationId }: { competitionId: string; registrationId: string },
): Promise<void> {
  await em.execute(
    "insert into redis_gap (registration_id, competition_id) values (?, ?) on conflict do nothing",
    [registrationId, competitionId],
  );
}

/** Resolves when every process that can ask Postgres knows of the gaps committed until now. */
export function announced(): Promise<void> {
  return delay(KNOWN_TO_ALL_MS);
}

/**
 * Whether a process without Redis has lately given a seat of this competition: what Redis says of a
 * key may then be wrong, and Postgres must be asked. Costs one small query each quarter of a second.
 *
 * While Postgres does not answer, what was known last counts: nobody can give seats then.
 */
export async function hasRedisGap(competitionId: string): Promise<boolean> {
  // One question at a time: while Postgres is silent they must not fill the pool.
  if (!isAsking && performance.now() - askedAt > KNOWN_FOR_MS) {
    askedAt = performance.now();
    asking = Promise.race([ask(), delay(ASKED_FOR_MS, undefined, { ref: false })]);
  }
  await asking;
  return gaps.has(competitionId);
}

/** Removes notes that nobody minds any more. */
export async function forgetRedisGaps(): Promise<void> {
  await database().execute(
    "delete from redis_gap where noted_at < now() - make_interval(secs => ?)",
    [KEPT_S],
  );
}

/** What is known of each competition with a gap; it changes when a gap is added. */
let gaps = new Map<string, string>();
let askedAt = Number.NEGATIVE_INFINITY;
let asking: Promise<void> | undefined;
let isAsking = false;

async function ask(): Promise<void> {
  isAsking = true;
  try {
    const rows = await database().execute<{ id: string; state: string }[]>(
      `select competition_id as id, count(*) || ' ' || max(noted_at) as state from redis_gap
        where noted_at > clock_timestamp() - make_interval(secs => ?) group by 1`,
      [MINDED_S],
    );
    const found = new Map(rows.map(({ id, state }) => [id, state]));
    for (const [id, state] of found) if (gaps.get(id) !== state) oweSync(id);
    gaps = found;
  } catch (error) {
    log.warn({ err: error }, "gaps of Redis");
  } finally {
    isAsking = false;
  }
}
