import type { Patch } from "./patch";

/** What keeps one promise, and the patches that take it out of the source. */
export interface Guard {
  /** What breaks without it. */
  protects: string;
  patches: Patch[];
  /** What takes it out of the database as well. */
  sql?: string[];
}

const EPOCH_OFF: Patch = {
  file: "app/domain/registration/commit.ts",
  find: 'const IS_OF_EPOCH = "(i.epoch is null or i.epoch = c.seat_epoch)";',
  replace: 'const IS_OF_EPOCH = "true";',
};

const OVERTAKING_ON: Patch = {
  file: "app/domain/registration/commit.ts",
  find: "and ${OVERTAKES_NOBODY} end",
  replace: "end",
};

/**
 * Every guard that the tests take away, to show that they notice. Each name is used by at least one
 * test that fails, or finds violations, without the guard.
 */
export const GUARDS = {
  lock: {
    protects: "nobody gets a seat after an organizer was told that registration is closed",
    patches: [
      {
        file: "app/domain/registration/lock.ts",
        find: '  await em.execute(`select ${take}(${lockNumberSql("?")})`, [competitionId]);\n',
        replace: "",
      },
      {
        file: "app/domain/registration/commit.ts",
        find: 'pg_try_advisory_xact_lock_shared(${lockNumberSql("c.id")})',
        replace: "true",
      },
    ],
  },
  "seat-key": {
    protects: "a seat is never given to two people, whatever Redis says",
    // Without the epoch as well: it would refuse the second holder before the constraint does.
    patches: [EPOCH_OFF],
    sql: ["alter table registration drop constraint registration_seat_unique"],
  },
  idempotency: {
    protects: "a key hears the same answer for 24 hours, even after Redis has lost it",
    patches: [
      {
        file: "app/domain/registration/commit.ts",
        find: "where i.key is not null",
        replace: "where false",
      },
    ],
  },
  outbox: {
    protects: "a committed registration sends its mail, even if the process dies right after",
    // The mail is ordered after the commit instead of in it.
    patches: [
      {
        file: "app/domain/registration/commit.ts",
        find: "  ${ORDER_CONFIRMATION}\n  where seat_no is not null\n",
        replace: "  select 1\n",
      },
      {
        file: "app/domain/registration/commit.ts",
        find: "    return await tell(database(), held, rows);\n",
        replace: `    return await tell(database(), held, rows).then(async (outcomes) => {
    const ids = outcomes.flatMap((one) => (one.status === "committed" ? [one.body.id] : []));
    const committed = ORDER_CONFIRMATION.replace(
      "from registered join input using (id)",
      "from (select id, null as request_id, null as trace_parent from unnest(?::uuid[]) as id) i",
    );
    await database().execute(committed + " on conflict do nothing", ["{" + ids.join(",") + "}"]);
    return outcomes;
  });
`,
      },
    ],
  },
  "mail-dedupe": {
    protects: "a mail is delivered once, even if its worker dies before the job is done",
    patches: [
      {
        file: "app/domain/mail/deliver.ts",
        find: '  if (row.done) return { status: "already_done" };\n',
        replace: "",
      },
      {
        file: "app/domain/mail/write-mail.ts",
        find: "    dedupe_key: row.dedupe_key,\n",
        replace: "    dedupe_key: `${row.dedupe_key}:${randomUUID()}`,\n",
      },
    ],
  },
  "stall-sweep": {
    protects: "a mail that failed for good is a dead letter, even if its worker died",
    patches: [
      {
        file: "app/domain/mail/dead-letters.ts",
        find: "  let recorded = 0;\n",
        replace: "  let recorded = 0;\n  return { recorded };\n",
      },
    ],
  },
  cancelled: {
    protects: "nobody gets a seat once an organizer was told that the competition is cancelled",
    patches: [
      {
        file: "app/domain/competitions/conditions.sql.ts",
        find: "`${TAKES_PLACE_SQL} and c.reg_deadline > clock_timestamp()`",
        replace: "`${IS_PUBLIC_SQL} and c.reg_deadline > clock_timestamp()`",
      },
    ],
  },
  epoch: {
    protects: "a hold that Redis has forgotten is not committed: somebody else may have it by now",
    patches: [EPOCH_OFF],
  },
  "redis-gap": {
    protects: "a seat that a process without Redis has given is known to the other processes",
    patches: [
      {
        file: "app/domain/registration/gaps.ts",
        find: "  return performance.now() - knownAt > KNOWN_FOR_MS + ASKED_FOR_MS || gaps.has(competitionId);\n",
        replace: "  return false;\n",
      },
    ],
  },
  "one-snapshot": {
    protects: "what is known of a key and of its user is read at one moment",
    patches: [
      {
        file: "app/domain/registration/stored-answer.ts",
        find: "  const { user, competitionId, idempotency } = attempt;\n  const rows = await unlessAway(\n    database().execute<StandingRow[]>",
        replace:
          "  const earlier = await findEarlierAnswer(attempt);\n  if (earlier) return earlier;\n  const { user, competitionId, idempotency } = { ...attempt, idempotency: undefined };\n  const rows = await unlessAway(\n    database().execute<StandingRow[]>",
      },
    ],
  },
  "own-commits": {
    protects: "who is refused by Redis has no registration under way in a process without Redis",
    patches: [
      {
        file: "app/domain/registration/stored-answer.ts",
        find: "  if ((await unlessAway(ownCommitsEnd(attempt.user.id))) === null) return UNAVAILABLE;\n",
        replace: "",
      },
    ],
  },
  owed: {
    protects: "a seat that comes free while people wait is kept for them",
    // Without Postgres' own guard as well: it would refuse who walks in.
    patches: [
      OVERTAKING_ON,
      {
        file: "app/domain/registration/seats/lua/shared.lua",
        find: "redis.call('EXISTS', queue) == 1 and owed or free, seat",
        replace: "free, seat",
      },
      {
        file: "app/domain/registration/seats/lua/reserve_seats.lua",
        find: "local nothing_free = in_line > 0\n",
        replace: "local nothing_free = false\n",
      },
    ],
  },
  "no-overtaking": {
    protects: "nobody who waits is overtaken by somebody whom Redis gave a seat later",
    patches: [OVERTAKING_ON],
  },
  "line-base": {
    protects: "a place that was dropped is not committed later, before those who were told theirs",
    patches: [
      {
        file: "app/domain/registration/seats/sync.ts",
        find: "    await em.execute(RAISE_LINE_BASE_SQL, [overdue, competitionId]);\n",
        replace: "",
      },
      {
        file: "app/domain/registration/seats/lua/sync_seats.lua",
        find: "  if number <= tonumber(ARGV[17]) then return false end\n",
        replace:
          "  if tonumber(redis.call('ZSCORE', joins_key, user) or 0) <= now_ms() then return false end\n",
      },
    ],
  },
  "ghosts-dropped": {
    protects: "no seat is kept for a place in line whose request has died",
    patches: [
      {
        file: "app/domain/registration/seats/sync.ts",
        find: "    await em.execute(RAISE_LINE_BASE_SQL, [overdue, competitionId]);\n",
        replace: "",
      },
    ],
  },
  "line-apart": {
    protects: "who joins without Redis is not passed by who is joining with it at that moment",
    patches: [
      {
        file: "app/domain/registration/without-redis.ts",
        find: "    await em.execute(RAISE_LINE_BASE_SQL, [line.next, competitionId]);\n",
        replace: "",
      },
    ],
  },
  "refused-join-stays": {
    protects: "a late refusal does not take away the place that the same person has by now",
    patches: [
      {
        file: "app/domain/registration/seats/lua/release_seat.lua",
        find: "  redis.call('ZADD', joins_key, 0, ARGV[1])\n",
        replace: "  redis.call('ZREM', queue_key, ARGV[1])\n",
      },
    ],
  },
  reconnect: {
    protects: "a Redis that was away, and may be back with old data, decides nothing unsynced",
    patches: [
      {
        file: "app/domain/registration/seats/sync.ts",
        find: "  return !synced.has(competitionId);\n",
        replace: "  return false;\n",
      },
    ],
  },
  fencing: {
    protects: "a late message about an earlier attempt leaves the present one's seat alone",
    patches: [
      {
        file: "app/domain/registration/seats/lua/confirm_seats.lua",
        find: "elseif not confirmed and attempt == registration .. ' ' .. place then",
        replace: "elseif true then",
      },
      {
        file: "app/domain/registration/seats/lua/release_seat.lua",
        find: "if not registration or registration ~= ARGV[2] then return 'stale' end",
        replace: "if not registration then return 'stale' end",
      },
      {
        file: "app/domain/registration/seats/lua/settle_seats.lua",
        find: "  if confirmed and confirmed == registration then\n",
        replace: "  if confirmed then\n",
      },
    ],
  },
  version: {
    protects: "a sync whose snapshot is older than a change in Redis does not land",
    patches: [
      {
        file: "app/domain/registration/seats/lua/sync_seats.lua",
        find: "local moved = (redis.call('GET', version_key) or '') ~= ARGV[1]",
        replace: "local moved = false",
      },
    ],
  },
  "statement-values": {
    protects: "an error of the database tells none of the values of its statement",
    patches: [
      {
        file: "app/platform/postgres-driver.ts",
        find: "      throw this.#note(statementFailure(error, query.text), query.text);\n",
        replace: "      throw error;\n",
      },
    ],
  },
  "error-whitelist": {
    protects: "the log tells of an error only what is known to quote nobody",
    patches: [
      {
        file: "app/platform/log.ts",
        find: "  serializers: { err: describeError },\n",
        replace: "",
      },
    ],
  },
} satisfies Record<string, Guard>;

export type GuardName = keyof typeof GUARDS;

/** @throws when there is no guard of that name */
export function guard(name: string): Guard {
  const found = Object.entries<Guard>(GUARDS).find(([known]) => known === name)?.[1];
  if (!found) throw new Error(`no guard is called ${name}: ${Object.keys(GUARDS).join(", ")}`);
  return found;
}
