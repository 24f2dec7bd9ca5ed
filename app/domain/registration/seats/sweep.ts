import { eachInTurn } from "~/platform/each-in-turn";
import { database } from "~/platform/orm";
import { keyPrefix, redisConnection, tryRedis } from "~/platform/redis";
import { TAKES_PLACE_SQL } from "../../competitions/conditions.sql";
import { closeGaps, findOldGaps } from "../gaps";
import { seeToLine } from "../line/see-to";
import { findLastingDrift } from "./drift";
import { knownCompetitionsKey, seatKeys } from "./redis";
import { syncSeats } from "./sync";

/** Competitions that changed this recently are looked at in every sweep, seconds. */
const RECENT_S = 90;
/** How many of the others each sweep looks at, taking turns. */
const OTHERS_AT_ONCE = 200;
/** Redis forgets a competition this long after its deadline, milliseconds. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
/** Competitions forgotten in one sweep. */
const FORGOTTEN_AT_ONCE = 500;

export interface Swept {
  looked: number;
  repaired: number;
  forgotten: number;
}

/**
 * Finds competitions where Redis differs from Postgres (a process died between its commit and the
 * message, Redis came back with old data) and syncs them; frees seats whose holds ran out, and gives them
 * to those who wait. Each worker runs it every few seconds; two at the same time do no harm.
 */
export async function sweepSeats(): Promise<Swept> {
  const forgotten = await forgetClosed();
  await closeOldGaps();
  const connection = redisConnection();
  // A Redis that was away may be back with old data, so everything it knows is checked.
  const known = connection === sweptOver ? findNextKnown() : findKnownCompetitions();
  const ids = [...new Set([...(await findRecentlyChanged()), ...((await known) ?? [])])];
  const drifted = await findLastingDrift(ids);
  let repaired = 0;
  for (const { competitionId } of drifted ?? []) {
    const { status } = await syncSeats({ competitionId });
    if (status === "synced") repaired++;
  }
  await seeToLines();
  if (drifted && drifted.length === repaired) sweptOver = connection;
  return { looked: ids.length, repaired, forgotten };
}

/** The connection over which everything that Redis knows has been checked. */
let sweptOver = "";

/** A sync that reads Postgres after a gap was noted tells Redis of it, however much goes on meanwhile. */
async function closeOldGaps(): Promise<void> {
  await eachInTurn(await findOldGaps(), async (gaps) => {
    const { status } = await syncSeats(gaps);
    if (status === "synced") await closeGaps(gaps);
  });
}

/** Every competition that Redis knows; what `reconcile` without an id looks at. */
export async function findKnownCompetitions(): Promise<string[] | null> {
  return tryRedis((client) => client.zrange(knownCompetitionsKey(), 0, -1));
}

async function findRecentlyChanged(): Promise<string[]> {
  const rows = await database().execute<{ id: string }[]>(
    `select distinct competition_id as id from registration
     where updated_at > now() - make_interval(secs => ?)
     union select id from competition where updated_at > now() - make_interval(secs => ?)`,
    [RECENT_S, RECENT_S],
  );
  return rows.map(({ id }) => id);
}

/** The next few that Redis knows; a cursor in Redis remembers where the last sweep stopped. */
async function findNextKnown(): Promise<string[]> {
  const cursorKey = `${keyPrefix()}:sweep-cursor`;
  const found = await tryRedis(async (client) => {
    const from = Number((await client.get(cursorKey)) ?? 0);
    const ids = await client.zrange(knownCompetitionsKey(), from, from + OTHERS_AT_ONCE - 1);
    await client.set(cursorKey, ids.length < OTHERS_AT_ONCE ? 0 : from + OTHERS_AT_ONCE);
    return ids;
  });
  return found ?? [];
}

/** Nobody may wait while a seat is free: a hold may have run out, or Redis have lost its memory. */
async function seeToLines(): Promise<void> {
  const lines = await database().execute<{ id: string }[]>(
    `select c.id from competition c
      where ${TAKES_PLACE_SQL} and c.reg_deadline > now() and exists (
        select from registration r where r.competition_id = c.id and r.status = 'WAITLISTED')`,
  );
  await eachInTurn(lines, async ({ id }) => {
    const { meta, owed } = seatKeys(id);
    const seen = await tryRedis((client) =>
      Promise.all([client.hexists(meta, "state"), client.exists(owed)]),
    );
    const [isKnown, isOwed] = seen ?? [1, 0];
    const isSynced = !isKnown && (await syncSeats({ competitionId: id })).status === "synced";
    if (isOwed || isSynced) await seeToLine(id);
  });
}

async function forgetClosed(): Promise<number> {
  const forgotten = await tryRedis(async (client) => {
    const [seconds] = await client.time();
    const before = Number(seconds) * 1_000 - FORGOTTEN_AFTER_MS;
    const ids = await client.zrangebyscore(
      knownCompetitionsKey(),
      "-inf",
      before,
      "LIMIT",
      0,
      FORGOTTEN_AT_ONCE,
    );
    if (ids.length === 0) return 0;
    await Promise.all(ids.map((id) => client.unlink(...Object.values(seatKeys(id)))));
    await client.zrem(knownCompetitionsKey(), ...ids);
    return ids.length;
  });
  return forgotten ?? 0;
}
