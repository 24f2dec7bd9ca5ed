import { runScript, words } from "~/platform/lua";
import { database } from "~/platform/orm";
import { tryRedis } from "~/platform/redis";
import { loadScript, seatKeys } from "./redis";
import { DIGEST_SQL, IS_KNOWN_SQL, OPENS_SQL, type SeatSnapshot, STATE_SQL } from "./snapshot";

/** A competition where Redis differs from what Postgres has committed. */
export interface Drift {
  competitionId: string;
  /** What differs, in words, with both values. */
  differences: string[];
  /** Redis' version at that time: if it is the same a moment later, the drift is real. */
  version: string;
}

interface PostgresCount {
  id: string;
  state: SeatSnapshot["state"];
  capacity: number;
  opens_at: string;
  closes_at: string;
  confirmed: number;
  digest: string;
  seats: number;
  line_limit: number;
  waiting: number;
  line_digest: string;
}

interface RedisCount {
  state: string;
  capacity: number;
  opensAt: number;
  closesAt: number;
  confirmed: number;
  digest: number;
  version: string;
  accounted: number;
  lineLimit: number;
  waiting: number;
  lineDigest: number;
  /** Places in line whose registration was never committed. */
  overdue: number;
}

/** Competitions looked at in one go. */
const AT_ONCE = 200;

/**
 * Compares Redis with Postgres, competition by competition, and returns those that differ. It
 * also frees seats whose holds ran out. A competition that Redis does not know cannot differ:
 * it is synced when somebody asks for a seat.
 *
 * Under load a registration may be committed and not yet confirmed in Redis: look twice (see
 * `findLastingDrift`) before calling it drift.
 *
 * @returns null while Redis is away
 */
export async function findDrift(competitionIds: string[]): Promise<Drift[] | null> {
  const drifted: Drift[] = [];
  for (let from = 0; from < competitionIds.length; from += AT_ONCE) {
    const ids = competitionIds.slice(from, from + AT_ONCE);
    const inRedis = await inspect(ids);
    if (!inRedis) return null;
    const known = ids.filter((id) => inRedis.has(id));
    const inPostgres = await countCommitted(known);
    for (const id of known) {
      const redis = inRedis.get(id);
      if (!redis) continue;
      const differences = compare(redis, inPostgres.get(id));
      if (differences.length > 0) {
        drifted.push({ competitionId: id, differences, version: redis.version });
      }
    }
  }
  return drifted;
}

/**
 * Drift that a second look finds again, although nothing moved in Redis in between. A competition in a
 * rush moves all the time; if it differs at each of `looks` looks, it counts as drifted, too.
 */
export async function findLastingDrift(
  competitionIds: string[],
  { looks = 4, pauseMs = 150 } = {},
): Promise<Drift[] | null> {
  let suspects = await findDrift(competitionIds);
  const lasting: Drift[] = [];
  for (let look = 1; look < looks && suspects && suspects.length > 0; look++) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const versions = new Map(suspects.map((drift) => [drift.competitionId, drift.version]));
    const again: Drift[] | null = await findDrift([...versions.keys()]);
    if (!again) return null;
    lasting.push(...again.filter((drift) => versions.get(drift.competitionId) === drift.version));
    suspects = again.filter((drift) => versions.get(drift.competitionId) !== drift.version);
  }
  return suspects && [...lasting, ...suspects];
}

function compare(redis: RedisCount, postgres: PostgresCount | undefined): string[] {
  const state = postgres?.state ?? "gone";
  if (redis.state !== state) return [`state: ${redis.state} in Redis, ${state} in Postgres`];
  if (!postgres || state !== "open") return [];
  const pairs: [string, number, number][] = [
    ["capacity", redis.capacity, postgres.capacity],
    ["opening time", redis.opensAt, Number(postgres.opens_at)],
    ["closing time", redis.closesAt, Number(postgres.closes_at)],
    ["confirmed", redis.confirmed, postgres.confirmed],
    ["who is confirmed (digest)", redis.digest, Number(postgres.digest)],
    ["seats accounted for", redis.accounted, postgres.seats],
    ["waitlist limit", redis.lineLimit, postgres.line_limit],
    ["waiting", redis.waiting, postgres.waiting],
    ["who is waiting (digest)", redis.lineDigest, Number(postgres.line_digest)],
    ["places in line that ran out", redis.overdue, 0],
  ];
  return pairs
    .filter(([, inRedis, inPostgres]) => inRedis !== inPostgres)
    .map(
      ([what, inRedis, inPostgres]) => `${what}: ${inRedis} in Redis, ${inPostgres} in Postgres`,
    );
}

const inspectScript = loadScript("inspect_seats.lua");

/** Gives back the seats of holds that ran out, to the line if anybody waits. For when no request does it. */
export async function freeLateHolds(competitionId: string): Promise<void> {
  await inspect([competitionId]);
}

async function inspect(ids: string[]): Promise<Map<string, RedisCount> | null> {
  const replies = await tryRedis((client) =>
    Promise.all(
      ids.map((id) => {
        return runScript(client, inspectScript, { keys: Object.values(seatKeys(id)), args: [] });
      }),
    ),
  );
  if (!replies) return null;
  const counts = new Map<string, RedisCount>();
  for (const [index, reply] of replies.entries()) {
    const id = ids[index];
    const [state, capacity, closes, confirmed, digest, version, accounted, opens, ...line] =
      words(reply);
    if (!id || !state) continue;
    counts.set(id, {
      state,
      capacity: Number(capacity),
      opensAt: Number(opens),
      closesAt: Number(closes),
      confirmed: Number(confirmed),
      digest: Number(digest),
      version: version ?? "0",
      accounted: Number(accounted),
      lineLimit: Number(line[0]),
      waiting: Number(line[1]),
      lineDigest: Number(line[2]),
      overdue: Number(line[3]),
    });
  }
  return counts;
}

async function countCommitted(ids: string[]): Promise<Map<string, PostgresCount>> {
  if (ids.length === 0) return new Map();
  const rows = await database().execute<PostgresCount[]>(COUNT_COMMITTED, [JSON.stringify(ids)]);
  return new Map(rows.map((row) => [row.id, row]));
}

const COUNT_COMMITTED = `
select c.id, ${STATE_SQL} as state, c.capacity,
  ${OPENS_SQL} as opens_at,
  (extract(epoch from c.reg_deadline) * 1000)::bigint as closes_at,
  coalesce(r.confirmed, 0)::int as confirmed, coalesce(r.digest, 0)::bigint as digest,
  (select count(*) from seat s where s.competition_id = c.id)::int as seats,
  c.waitlist_limit as line_limit, coalesce(w.waiting, 0)::int as waiting,
  coalesce(w.digest, 0)::bigint as line_digest
from competition c
left join lateral (
  select count(*) as confirmed, sum(${DIGEST_SQL}) as digest
  from registration where competition_id = c.id and status = 'CONFIRMED'
) r on true
left join lateral (
  select count(*) as waiting, sum(${DIGEST_SQL}) as digest
  from registration where competition_id = c.id and status = 'WAITLISTED'
) w on true
where ${IS_KNOWN_SQL} and c.id in (select value::uuid from json_array_elements_text(?::json))`;
