import { randomInt, randomUUID } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { Cluster, Redis } from "ioredis";
import { failpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";
import { runScript } from "~/platform/lua";
import { database, inTransaction } from "~/platform/orm";
import { isToldOutage } from "~/platform/postgres-error";
import { isFirstConnection, redisConnection, tryRedis } from "~/platform/redis";
import { RAISE_LINE_BASE_SQL, RAISE_SEAT_EPOCH_SQL } from "../../competitions/epochs.sql";
import { lockCompetition } from "../lock";
import { forgetEarly } from "./early";
import { knownCompetitionsKey, loadScript, seatKeys, stagingKeys } from "./redis";
import { readSeatSnapshot, type SeatSnapshot } from "./snapshot";

export type SyncResult = { status: "synced" | "moved" | "unavailable" };

/** Staged keys of a process that died vanish after this long, seconds. */
const STAGED_KEPT_S = 60;
/** Members a command: large enough to be quick, small enough not to hold Redis up. */
const STAGED_AT_ONCE = 2_000;
/** Optimistic tries before commits are held off for the length of one snapshot. */
const OPTIMISTIC_TRIES = 2;
const PESSIMISTIC_TRIES = 3;
/** Versions start anywhere below this, so that two syncs never give the same one. */
const VERSION_BELOW = 2 ** 47;

/**
 * Makes Redis equal to what Postgres has committed, and keeps the holds under way, unless Redis may have
 * forgotten some: then all of them end, and their requests ask again. Safe at any time, from any number of processes: a sync whose snapshot is out of date is refused and tried
 * again, in the end under the exclusive lock, which holds commits off.
 */
export async function syncSeats({ competitionId }: { competitionId: string }): Promise<SyncResult> {
  owed.delete(competitionId);
  forgetEarly(competitionId);
  const connection = redisConnection();
  const settle = (result: SyncResult) => {
    if (result.status !== "synced") oweSync(competitionId);
    // A Redis that was found in the meantime has not heard of this.
    else if (connection === redisConnection()) noteSynced(competitionId);
    return result;
  };
  try {
    for (let attempt = 0; attempt < OPTIMISTIC_TRIES; attempt++) {
      const result = await syncOnce(database(), competitionId);
      if (result.status === "holds_forgotten") break;
      if (result.status !== "moved") return settle(result);
    }
    for (let attempt = 0; attempt < PESSIMISTIC_TRIES; attempt++) {
      const result = await inTransaction(async (em) => {
        await lockCompetition(em, { competitionId, mode: "exclusive" });
        return syncOnce(em, competitionId, { isLocked: true });
      });
      if (result.status === "synced" || result.status === "unavailable") return settle(result);
    }
  } catch (error) {
    if (!isToldOutage(error)) log.warn({ err: error, competitionId }, "sync of seats");
    return settle({ status: "unavailable" });
  }
  return settle({ status: "moved" });
}

/**
 * Tells Redis what a committed change made of a competition's seats. Best effort: until the sweep
 * repairs a failure, Postgres refuses what Redis would wrongly grant.
 */
export async function syncAfterChange(competitionId: string): Promise<void> {
  await failpoint("edit-after-commit");
  const { status } = await syncSeats({ competitionId });
  if (status !== "synced") log.warn({ competitionId, status }, "seats not synced after a change");
}

/** `syncSeats`, once at a time in a process: everybody who asks meanwhile waits for the same one. */
export function syncSeatsOnce(competitionId: string): Promise<SyncResult> {
  const running = underWay.get(competitionId);
  if (running) return running;
  const started = syncSeats({ competitionId }).finally(() => underWay.delete(competitionId));
  underWay.set(competitionId, started);
  return started;
}

/** Notes that Redis no longer equals Postgres: the next reservation syncs first. */
export function oweSync(competitionId: string): void {
  forgetEarly(competitionId);
  if (owed.size < MOST_OWED) owed.add(competitionId);
}

/** Whether Redis may differ from Postgres, as far as this process knows. */
export function isSyncOwed(competitionId: string): boolean {
  return owed.has(competitionId) || mayHaveForgotten(competitionId);
}

/**
 * A Redis that was away may be back with old data, so after each connection but the first a
 * competition is synced once before Redis decides about it.
 */
function mayHaveForgotten(competitionId: string): boolean {
  if (isFirstConnection()) return false;
  const connection = redisConnection();
  if (connection !== syncedOver) {
    syncedOver = connection;
    synced.clear();
  }
  return !synced.has(competitionId);
}

const underWay = new Map<string, Promise<SyncResult>>();
const owed = new Set<string>();
/** What was synced over the present connection. */
const synced = new Set<string>();
let syncedOver = "";
/** Beyond this many the sweep takes care of the rest. */
const MOST_OWED = 10_000;

function noteSynced(competitionId: string): void {
  if (synced.size >= MOST_OWED) synced.clear();
  synced.add(competitionId);
}

async function syncOnce(
  em: EntityManager,
  competitionId: string,
  { isLocked = false } = {},
): Promise<SyncResult | { status: "holds_forgotten" }> {
  const keys = seatKeys(competitionId);
  const before = await tryRedis((client) =>
    Promise.all([
      client.hexists(keys.meta, "state"),
      client.get(keys.version),
      findOverdueNumber(client, keys),
    ]),
  );
  if (!before) return { status: "unavailable" };
  const [isKnown, version, overdue] = before;
  if (overdue > 0) {
    // Under the lock none of them is half committed, and afterwards none can be: they are dropped.
    if (!isLocked) return { status: "holds_forgotten" };
    await em.execute(RAISE_LINE_BASE_SQL, [overdue, competitionId]);
  }
  const isNewEpoch = !isKnown || mayHaveForgotten(competitionId);
  if (isNewEpoch) {
    // Redis knows nothing of the holds under way, so none of them may be committed any more. Under
    // the lock no commit is half done: each is in the snapshot, or finds the epoch raised.
    if (!isLocked) return { status: "holds_forgotten" };
    await em.execute(RAISE_SEAT_EPOCH_SQL, [competitionId]);
  }
  const snapshot = await readSeatSnapshot(em, competitionId);
  await failpoint("sync-after-snapshot");
  const reply = await tryRedis((client) =>
    replace(client, { competitionId, snapshot, version, isNewEpoch }),
  );
  if (reply === null) return { status: "unavailable" };
  if (reply !== "synced") return { status: "moved" };
  await tryRedis((client) => client.zadd(knownCompetitionsKey(), snapshot.closesAt, competitionId));
  return { status: "synced" };
}

/** The highest number in line of a join that ran out of time, 0 without any. */
async function findOverdueNumber(
  client: Redis | Cluster,
  { joins, queue }: { joins: string; queue: string },
): Promise<number> {
  const [first] = await client.zrange(joins, 0, 0);
  if (first === undefined) return 0;
  const [seconds, microseconds] = await client.time();
  const now = Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  const users = await client.zrangebyscore(joins, "-inf", now);
  if (users.length === 0) return 0;
  const numbers = await client.zmscore(queue, ...users);
  return Math.max(0, ...numbers.map(Number));
}

const syncScript = loadScript("sync_seats.lua");

async function replace(
  client: Redis | Cluster,
  {
    competitionId,
    snapshot,
    version,
    isNewEpoch,
  }: {
    competitionId: string;
    snapshot: SeatSnapshot;
    version: string | null;
    isNewEpoch: boolean;
  },
): Promise<unknown> {
  const staged = stagingKeys(competitionId, randomUUID());
  await stage(client, staged, snapshot);
  return runScript(client, syncScript, {
    keys: [...Object.values(seatKeys(competitionId)), ...Object.values(staged)],
    args: [
      ...[version ?? "", randomInt(1, VERSION_BELOW)],
      ...[snapshot.state, snapshot.capacity, snapshot.closesAt],
      ...[snapshot.nextSeat, snapshot.lastSeat, snapshot.digest, snapshot.epoch],
      ...[snapshot.confirmed.length, snapshot.freeSeats.length, snapshot.cancelled.length],
      snapshot.opensAt,
      ...[snapshot.waiting.length, snapshot.lineLimit, snapshot.lastInLine],
      ...[snapshot.lineBase, snapshot.lineDigest, isNewEpoch ? "1" : "0"],
    ],
  });
}

async function stage(
  client: Redis | Cluster,
  staged: ReturnType<typeof stagingKeys>,
  { confirmed, freeSeats, cancelled, waiting }: SeatSnapshot,
): Promise<void> {
  await inShares(staged.confirmed, confirmed, (share) =>
    client.hset(
      staged.confirmed,
      ...share.flatMap((one) => [one.userId, `${one.registrationId} ${one.seatNo}`]),
    ),
  );
  await inShares(staged.free, freeSeats, (share) =>
    client.zadd(staged.free, ...share.flatMap((seat) => [seat, `${seat}`])),
  );
  await inShares(staged.cancelled, cancelled, (share) => client.sadd(staged.cancelled, ...share));
  await inShares(staged.queue, waiting, (share) =>
    client.zadd(staged.queue, ...share.flatMap(({ lineNo, userId }) => [lineNo, userId])),
  );
  await inShares(staged.waiting, waiting, (share) =>
    client.hset(
      staged.waiting,
      ...share.flatMap((one) => [one.userId, `${one.registrationId} ${one.lineNo}`]),
    ),
  );

  async function inShares<T>(key: string, items: T[], add: (share: T[]) => Promise<unknown>) {
    for (let from = 0; from < items.length; from += STAGED_AT_ONCE) {
      await add(items.slice(from, from + STAGED_AT_ONCE));
      if (from === 0) await client.expire(key, STAGED_KEPT_S);
    }
  }
}
