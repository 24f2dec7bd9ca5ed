import type { EntityManager } from "@mikro-orm/postgresql";
import type { Cluster, Redis } from "ioredis";
import { failpoint } from "~/platform/failpoint";
import { log } from "~/platform/log";
import { database, inTransaction } from "~/platform/orm";
import { isLoggedOutage } from "~/platform/postgres-error";
import { isFirstConnection, redisConnection, tryRedis } from "~/platform/redis";
import { RAISE_LINE_BASE_SQL, RAISE_SEAT_EPOCH_SQL } from "../../competitions/epochs.sql";
import { lockCompetition } from "../lock";
import { forgetEarly } from "./early";
import { knownCompetitionsKey, seatKeys } from "./redis";
import { replaceSeats } from "./replace";
import { readSeatSnapshot } from "./snapshot";

export type SyncResult = { status: "synced" | "moved" | "unavailable" };

/** How often to try without, and then with, a lock that holds commits off. */
const OPTIMISTIC_TRIES = 2;
const PESSIMISTIC_TRIES = 4;

/**
 * Makes Redis equal to what Postgres has committed, and keeps the holds under way. Where Redis may have
 * forgotten some, all of them end, and their requests ask again.
 *
 * Safe at any time, from any number of processes: a sync whose snapshot is out of date is refused and
 * tried again, in the end under the exclusive lock, which holds commits off.
 */
export async function syncSeats({ competitionId }: { competitionId: string }): Promise<SyncResult> {
  const owing = owed.get(competitionId);
  forgetEarly(competitionId);
  const connection = redisConnection();
  const status = await trySync(competitionId).catch((error): SyncResult["status"] => {
    if (!isLoggedOutage(error)) log.warn({ err: error, competitionId }, "sync of seats");
    return "unavailable";
  });
  if (status !== "synced") oweSync(competitionId);
  // A sync that has been owed only since this one began may not be covered by it.
  else if (owed.get(competitionId) === owing) owed.delete(competitionId);
  // After a reconnect in the meantime, it may be another Redis, which has not heard of this.
  if (status === "synced" && connection === redisConnection()) noteSynced(competitionId);
  return { status };
}

/** Tries without the lock first, then under it, where forgotten holds can be made void. */
async function trySync(competitionId: string): Promise<SyncResult["status"]> {
  let isForgotten = false;
  for (let attempt = 0; attempt < OPTIMISTIC_TRIES && !isForgotten; attempt++) {
    const { status } = await syncOnce(database(), competitionId);
    if (status === "synced" || status === "unavailable") return status;
    isForgotten = status === "holds_forgotten";
  }
  let made: MadeVoid | undefined;
  for (let attempt = 0; attempt < PESSIMISTIC_TRIES; attempt++) {
    if (isForgotten) {
      const now = await makeVoid(competitionId, made);
      if (!now) return "unavailable";
      made = now;
      await failpoint("sync-after-void");
    }
    const { status } = await inTransaction(async (em) => {
      await lockCompetition(em, { competitionId, mode: "exclusive" });
      return syncOnce(em, competitionId, made);
    });
    if (status === "synced" || status === "unavailable") return status;
    isForgotten = status === "holds_forgotten";
  }
  return "moved";
}

/**
 * Tells Redis what a committed change has made of a competition's seats. Best effort: until the sweep
 * repairs a failure, Postgres refuses what Redis would wrongly grant.
 */
export async function syncAfterChange(competitionId: string): Promise<void> {
  await failpoint("edit-after-commit");
  const { status } = await syncSeats({ competitionId });
  if (status !== "synced") log.warn({ competitionId, status }, "seats not synced after a change");
}

/** `syncSeats`, one at a time in each process: calls that come meanwhile wait for the same one. */
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
  if (owed.size < MOST_OWED || owed.has(competitionId)) owed.set(competitionId, ++timesOwed);
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
/** The competitions that are owed a sync, each with a number that is new each time it is owed. */
const owed = new Map<string, number>();
let timesOwed = 0;
/** The competitions that were synced over the present connection. */
const synced = new Set<string>();
let syncedOver = "";
/** Beyond this many the sweep takes care of the rest. */
const MOST_OWED = 10_000;

function noteSynced(competitionId: string): void {
  if (synced.size >= MOST_OWED) synced.clear();
  synced.add(competitionId);
}

/** What Postgres made void before Redis hears of it. */
interface MadeVoid {
  /** Numbers in line up to this one cannot be committed. */
  overdue: number;
  /** Nor can holds of an epoch before this one, the last that this sync has raised it to. */
  epoch: number | undefined;
  /** Whether it was raised just now, over which connection, and whether Redis knew the competition. */
  isNew: boolean;
  connection: string;
  wasKnown: boolean;
}

/**
 * Makes void what Redis has forgotten, or is about to: holds, by raising the epoch, and numbers in line
 * that nobody has committed. Under the lock no commit is half done: each one stands already, or will find
 * that it is void. It has a transaction of its own, before the sync's: if Redis heard of a raise that was
 * then rolled back, forgotten holds could be committed.
 */
function makeVoid(competitionId: string, earlier?: MadeVoid): Promise<MadeVoid | null> {
  return inTransaction(async (em) => {
    await lockCompetition(em, { competitionId, mode: "exclusive" });
    const connection = redisConnection();
    const seen = await lookAt(competitionId);
    if (!seen) return null;
    const { overdue, isKnown: wasKnown } = seen;
    if (overdue > 0) {
      await em.execute(RAISE_LINE_BASE_SQL, [overdue, competitionId]);
    }
    const isNew = hasForgotten(competitionId, seen, earlier);
    if (isNew) {
      await em.execute(RAISE_SEAT_EPOCH_SQL, [seen.epoch, competitionId]);
    }
    const [row]: { epoch: number }[] = await em.execute(
      "select seat_epoch as epoch from competition where id = ?",
      [competitionId],
    );
    const epoch = isNew ? row?.epoch : earlier?.epoch;
    return { overdue, epoch, isNew, connection, wasKnown };
  });
}

/** What Redis knows of a competition. */
interface Seen {
  isKnown: boolean;
  /** The epoch of the holds that it has. */
  epoch: number;
  version: string | null;
  /** The highest number in line among joins that ran out; 0 for none. */
  overdue: number;
}

/** Looks at what Redis knows of a competition; null while it is away. */
async function lookAt(competitionId: string): Promise<Seen | null> {
  const keys = seatKeys(competitionId);
  const seen = await tryRedis((client) =>
    Promise.all([
      client.hmget(keys.meta, "state", "epoch"),
      client.get(keys.version),
      findOverdueNumber(client, keys),
    ]),
  );
  if (!seen) return null;
  const [[state, epoch], version, overdue] = seen;
  return { isKnown: typeof state === "string", epoch: Number(epoch ?? 0), version, overdue };
}

/** Whether there may be forgotten holds that neither this sync nor another one has made void. */
function hasForgotten(competitionId: string, seen: Seen, made: MadeVoid | undefined): boolean {
  if (!seen.isKnown) return true;
  if (!mayHaveForgotten(competitionId)) return false;
  const { epoch = Number.POSITIVE_INFINITY, connection } = made ?? {};
  return seen.epoch < epoch || connection !== redisConnection();
}

async function syncOnce(
  em: EntityManager,
  competitionId: string,
  made?: MadeVoid,
): Promise<SyncResult | { status: "holds_forgotten" }> {
  const seen = await lookAt(competitionId);
  if (!seen) return { status: "unavailable" };
  const { isKnown, version, overdue } = seen;
  const isForgotten = hasForgotten(competitionId, seen, made);
  if (overdue > (made?.overdue ?? 0) || (isForgotten && !made?.isNew)) {
    return { status: "holds_forgotten" };
  }
  const snapshot = await readSeatSnapshot(em, competitionId);
  // Since then Redis may have given holds, in another sync's epoch or in this one, and forgotten them.
  const isAsThen = isKnown === made?.wasKnown && redisConnection() === made.connection;
  if (isForgotten && snapshot.state === "open" && !(isAsThen && snapshot.epoch === made?.epoch)) {
    return { status: "holds_forgotten" };
  }
  await failpoint("sync-after-snapshot");
  const reply = await tryRedis((client) =>
    replaceSeats(client, { competitionId, snapshot, version }),
  );
  if (reply === null) return { status: "unavailable" };
  if (reply !== "synced") return { status: "moved" };
  await tryRedis((client) => client.zadd(knownCompetitionsKey(), snapshot.closesAt, competitionId));
  return { status: "synced" };
}

/** The highest number in line among joins that ran out; 0 for none. */
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
