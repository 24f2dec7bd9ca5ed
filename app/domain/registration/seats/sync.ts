import { randomUUID } from "node:crypto";
import type { EntityManager } from "@mikro-orm/postgresql";
import type { Cluster, Redis } from "ioredis";
import { failpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";
import { database, inTransaction } from "~/platform/orm";
import { isFirstRedis, redisGeneration, tryRedis } from "~/platform/redis";
import { lockCompetition } from "../lock";
import { knownCompetitionsKey, seatKeys, stagingKeys } from "./keys";
import { runScript, syncScript } from "./scripts";
import { readSeatSnapshot, type SeatSnapshot } from "./snapshot";

export type SyncResult = { status: "synced" | "moved" | "unavailable" };

/** Staged keys of a process that died vanish after this long, seconds. */
const STAGED_KEPT_S = 60;
/** Members a command: large enough to be quick, small enough not to hold Redis up. */
const STAGED_AT_ONCE = 2_000;
/** Optimistic tries before commits are held off for the length of one snapshot. */
const OPTIMISTIC_TRIES = 2;
const PESSIMISTIC_TRIES = 3;

/**
 * Makes Redis mirror what Postgres has committed, and keeps the holds under way. Safe at any time,
 * from any number of processes: a sync whose snapshot grew old is refused and tried again, at last
 * with commits held off by the exclusive lock.
 */
export async function syncSeats({ competitionId }: { competitionId: string }): Promise<SyncResult> {
  owed.delete(competitionId);
  const generation = redisGeneration();
  const settle = (result: SyncResult) => {
    if (result.status !== "synced") oweSync(competitionId);
    // A Redis that was found meanwhile has not heard of this.
    else if (generation === redisGeneration()) noteMirrored(competitionId);
    return result;
  };
  try {
    for (let attempt = 0; attempt < OPTIMISTIC_TRIES; attempt++) {
      const result = await syncOnce(database(), competitionId);
      if (result.status === "forgotten") break;
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
    log.warn({ err: error, competitionId }, "sync of seats");
    return settle({ status: "unavailable" });
  }
  return settle({ status: "moved" });
}

/** `syncSeats`, once a process: everybody who asks meanwhile waits for the same one. */
export function syncSeatsOnce(competitionId: string): Promise<SyncResult> {
  const running = underWay.get(competitionId);
  if (running) return running;
  const started = syncSeats({ competitionId }).finally(() => underWay.delete(competitionId));
  underWay.set(competitionId, started);
  return started;
}

/** Notes that Redis no longer mirrors Postgres: the next reservation syncs first. */
export function oweSync(competitionId: string): void {
  if (owed.size < MOST_OWED) owed.add(competitionId);
}

/** Whether Redis may no longer mirror Postgres, as far as this process knows. */
export function isSyncOwed(competitionId: string): boolean {
  return owed.has(competitionId) || mayHaveForgotten(competitionId);
}

/**
 * A Redis that was away may be back with old data, so in each but the first a competition
 * is synced once before Redis decides about it.
 */
function mayHaveForgotten(competitionId: string): boolean {
  if (isFirstRedis()) return false;
  const generation = redisGeneration();
  if (generation !== mirroredIn) {
    mirroredIn = generation;
    mirrored.clear();
  }
  return !mirrored.has(competitionId);
}

const underWay = new Map<string, Promise<SyncResult>>();
const owed = new Set<string>();
/** What was synced since this Redis was found. */
const mirrored = new Set<string>();
let mirroredIn = "";
/** Beyond this many the sweep takes care of the rest. */
const MOST_OWED = 10_000;

function noteMirrored(competitionId: string): void {
  if (mirrored.size >= MOST_OWED) mirrored.clear();
  mirrored.add(competitionId);
}

async function syncOnce(
  em: EntityManager,
  competitionId: string,
  { isLocked = false } = {},
): Promise<SyncResult | { status: "forgotten" }> {
  const keys = seatKeys(competitionId);
  const before = await tryRedis((client) =>
    Promise.all([client.hget(keys.meta, "generation"), client.get(keys.version)]),
  );
  if (!before) return { status: "unavailable" };
  if (before[0] === null || mayHaveForgotten(competitionId)) {
    // Holds under way that Redis knows nothing of: none of them may be committed any more, and
    // those that are being committed have their end before the snapshot.
    if (!isLocked) return { status: "forgotten" };
    await em.execute("update competition set seat_epoch = seat_epoch + 1 where id = ?", [
      competitionId,
    ]);
  }
  const snapshot = await readSeatSnapshot(em, competitionId);
  await failpoint("sync-after-snapshot");
  const staged = stagingKeys(competitionId, randomUUID());
  const reply = await tryRedis(async (client) => {
    await stage(client, staged, snapshot);
    return runScript(client, syncScript, {
      keys: [
        keys.meta,
        keys.version,
        keys.free,
        keys.holds,
        keys.attempts,
        keys.confirmed,
        keys.cancelled,
        staged.confirmed,
        staged.free,
        staged.cancelled,
      ],
      args: [
        before[0] ?? "",
        before[1] ?? "0",
        randomUUID(),
        snapshot.state,
        snapshot.capacity,
        snapshot.closesAt,
        snapshot.nextSeat,
        snapshot.lastSeat,
        snapshot.confirmed.length,
        snapshot.digest,
        snapshot.revision,
        snapshot.freeSeats.length,
        snapshot.cancelled.length,
        snapshot.epoch,
      ],
    });
  });
  if (reply === null) return { status: "unavailable" };
  if (reply !== "synced") return { status: "moved" };
  await tryRedis((client) => client.zadd(knownCompetitionsKey(), snapshot.closesAt, competitionId));
  return { status: "synced" };
}

async function stage(
  client: Redis | Cluster,
  staged: ReturnType<typeof stagingKeys>,
  { confirmed, freeSeats, cancelled }: SeatSnapshot,
): Promise<void> {
  for (let from = 0; from < confirmed.length; from += STAGED_AT_ONCE) {
    const fields = confirmed
      .slice(from, from + STAGED_AT_ONCE)
      .flatMap(({ userId, registrationId, seatNo }) => [userId, `${registrationId} ${seatNo}`]);
    await client.hset(staged.confirmed, ...fields);
    if (from === 0) await client.expire(staged.confirmed, STAGED_KEPT_S);
  }
  for (let from = 0; from < freeSeats.length; from += STAGED_AT_ONCE) {
    const members = freeSeats
      .slice(from, from + STAGED_AT_ONCE)
      .flatMap((seat) => [seat, `${seat}`]);
    await client.zadd(staged.free, ...members);
    if (from === 0) await client.expire(staged.free, STAGED_KEPT_S);
  }
  for (let from = 0; from < cancelled.length; from += STAGED_AT_ONCE) {
    await client.sadd(staged.cancelled, ...cancelled.slice(from, from + STAGED_AT_ONCE));
    if (from === 0) await client.expire(staged.cancelled, STAGED_KEPT_S);
  }
}
