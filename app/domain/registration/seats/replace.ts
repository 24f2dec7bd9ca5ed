import { randomInt, randomUUID } from "node:crypto";
import type { Cluster, Redis } from "ioredis";
import { runScript } from "~/platform/lua";
import { loadScript, seatKeys, stagingKeys } from "./redis";
import type { SeatSnapshot } from "./snapshot";

/** Staged keys of a process that died vanish after this long, seconds. */
const STAGED_KEPT_S = 60;
/** Members in one command: enough to be quick, few enough not to hold Redis up. */
const STAGED_AT_ONCE = 2_000;
/** Versions start anywhere below this, so that two syncs never give the same one. */
const VERSION_BELOW = 2 ** 47;

const syncScript = loadScript("sync_seats.lua");

/**
 * Lays a snapshot out in Redis and swaps it in, unless Redis has moved on from the version.
 *
 * @param version Redis' version before the snapshot was read; null where there was none
 * @returns synced | moved
 */
export async function replaceSeats(
  client: Redis | Cluster,
  {
    competitionId,
    snapshot,
    version,
  }: { competitionId: string; snapshot: SeatSnapshot; version: string | null },
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
      ...[snapshot.lineBase, snapshot.lineDigest],
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
