import type { Patch } from "./patch";

/** A small defect that somebody might make, and the test that must notice it. */
export interface Mutation {
  /** What the product does wrong with it. */
  what: string;
  patches: Patch[];
  noticedBy: {
    /** From the project's folder. */
    file: string;
    /** The test's name, or the end of it together with the names of the groups around it. */
    test: string;
  };
}

const RESERVE = "app/domain/registration/seats/lua/reserve_seats.lua";
const RELEASE = "app/domain/registration/seats/lua/release_seat.lua";
const SYNC = "app/domain/registration/seats/lua/sync_seats.lua";
const CONFIRM = "app/domain/registration/seats/lua/confirm_seats.lua";
const CANCEL = "app/domain/registration/seats/lua/cancel_seat.lua";
const INSPECT = "app/domain/registration/seats/lua/inspect_seats.lua";
const SHARED = "app/domain/registration/seats/lua/shared.lua";
const WITHOUT_REDIS = "app/domain/registration/without-redis.ts";
const REGISTER = "app/domain/registration/register.ts";
const COMMIT = "app/domain/registration/commit.ts";

const TROUBLE = "tests/integration/registrations-trouble.test.ts";
const HINDSIGHT = "tests/integration/registrations-hindsight.test.ts";
const DECIDED = "tests/integration/seats-decided.test.ts";
const SYNCED = "tests/integration/seats-synced.test.ts";
const REGISTRATIONS = "tests/integration/registrations.test.ts";
const KEYS = "tests/integration/registrations-keys.test.ts";
const GAPS = "tests/integration/redis-gaps.test.ts";
const UNKNOWN = "tests/faults/unknown-outcomes.test.ts";
const COMMITS = "tests/integration/commits.test.ts";

/** Made by hand once, when no test noticed them. */
const ONCE_UNNOTICED: Mutation[] = [
  {
    what: "the deadline counts before the registration that somebody has",
    patches: [
      {
        file: RESERVE,
        find: "  if redis.call('HEXISTS', KEYS[5], user) == 1 then\n",
        replace:
          "  if closed then return { 'deadline_passed' } end\n  if redis.call('HEXISTS', KEYS[5], user) == 1 then\n",
      },
    ],
    noticedBy: {
      file: HINDSIGHT,
      test: "a winner's key has its answer still, though Redis lost it",
    },
  },
  {
    what: "the same on the path without Redis",
    patches: [
      {
        file: "app/domain/registration/diagnose.ts",
        find: '  if (found.registered_id !== null) return { status: "already_registered" };\n',
        replace:
          '  if (found.closed) return { status: "deadline_passed" };\n  if (found.registered_id !== null) return { status: "already_registered" };\n',
      },
    ],
    noticedBy: {
      file: HINDSIGHT,
      test: "without Redis who is registered hears so, not that it is too late",
    },
  },
  {
    what: "a cancellation does not take the competition's lock",
    patches: [
      {
        file: "app/domain/registration/cancel.ts",
        find: '    await lockCompetition(em, { competitionId, mode: "exclusive" });\n',
        replace: "",
      },
    ],
    noticedBy: {
      file: TROUBLE,
      test: "makes a cancellation wait for a commit under way, which it then finds",
    },
  },
  {
    what: "a seat given without Redis is answered before the other processes can know of it",
    patches: [
      {
        file: "app/domain/registration/without-redis.ts",
        find: 'if ("status" in result && result.status === "registered") await announceGap();',
        replace: "",
      },
    ],
    noticedBy: {
      file: HINDSIGHT,
      test: "a seat given without Redis is answered when every process has had the time to know",
    },
  },
  {
    what: "the list's cursor does not tell competitions of one instant apart",
    patches: [
      {
        file: "app/domain/competitions/lists.ts",
        find: "(c.created_at, c.id) < (?::timestamptz, ?::uuid)",
        replace: "c.created_at < ?::timestamptz and ?::uuid is not null",
      },
    ],
    noticedBy: {
      file: "tests/integration/competitions-lists.test.ts",
      test: "of competitions made at one instant shows each once, whatever the page's size",
    },
  },
  {
    what: "releasing a hold deletes the answer that its key got",
    patches: [
      {
        file: RELEASE,
        find: "if KEYS[5] and redis.call('HEXISTS', KEYS[5], 'answer') == 0 then",
        replace: "if KEYS[5] then",
      },
    ],
    noticedBy: {
      file: SYNCED,
      test: "releasing a hold keeps an answer that its key got meanwhile",
    },
  },
  {
    what: "a request that gives up keeps its hold",
    patches: [
      {
        file: REGISTER,
        find: "  if (!isCommitUnknown) await release(attempt);\n",
        replace: "",
      },
    ],
    noticedBy: { file: TROUBLE, test: "a request that gives up gives its seat back" },
  },
  {
    what: "a replay frees the seat in Redis that its registration has",
    patches: [
      {
        file: REGISTER,
        find: "{ seatRefused: outcome.body.seatNo === held.seatNo }",
        replace: "{ seatRefused: false }",
      },
    ],
    noticedBy: {
      file: HINDSIGHT,
      test: "on the very seat it has: the hold is dropped, the seat not offered again",
    },
  },
  {
    what: "a request whose key was used for another one keeps its hold",
    patches: [
      {
        file: REGISTER,
        find: '    case "idempotency_key_reused":\n      await release(held);\n',
        replace: '    case "idempotency_key_reused":\n',
      },
    ],
    noticedBy: {
      file: HINDSIGHT,
      test: "and its key came with another request before: the seat of the hold is free again",
    },
  },
  {
    what: "a commit on its own does not wait for the competition's lock",
    patches: [
      {
        file: COMMIT,
        find: '    await lockCompetition(em, { competitionId: held.competitionId, mode: "shared" });\n',
        replace: "",
      },
    ],
    noticedBy: {
      file: TROUBLE,
      test: "makes a registration wait for whoever changes the competition, and then goes on",
    },
  },
  {
    what: "Redis is not told that Postgres knows no answer under the key",
    patches: [
      {
        file: REGISTER,
        find: "seat = await reserveSeat({ ...request, keyIsNew: true });",
        replace: "seat = await reserveSeat(request);",
      },
    ],
    noticedBy: {
      file: HINDSIGHT,
      test: "who cancelled and comes with a new key gets a seat from Redis, not from Postgres alone",
    },
  },
  {
    what: "a sync lands with a part of the confirmed seats",
    patches: [
      { file: SYNC, find: "redis.call('HLEN', KEYS[8]) ~= tonumber(ARGV[10])", replace: "false" },
    ],
    noticedBy: { file: SYNCED, test: "the confirmed seats" },
  },
  {
    what: "a sync lands with a part of the free seats",
    patches: [
      { file: SYNC, find: "redis.call('ZCARD', KEYS[9]) ~= tonumber(ARGV[11])", replace: "false" },
    ],
    noticedBy: { file: SYNCED, test: "the free seats" },
  },
  {
    what: "a sync lands with a part of those who cancelled",
    patches: [
      { file: SYNC, find: "redis.call('SCARD', KEYS[10]) ~= tonumber(ARGV[12])", replace: "false" },
    ],
    noticedBy: { file: SYNCED, test: "those who cancelled" },
  },
  {
    what: "while Postgres is away each of a batch is tried on its own",
    patches: [{ file: REGISTER, find: '? "everyone" : "one"', replace: '? "one" : "one"' }],
    noticedBy: {
      file: TROUBLE,
      test: "because Postgres is away, everybody in the batch is told at once",
    },
  },
  {
    what: "a row whose job is completed is left to that job",
    patches: [
      {
        file: "app/domain/mail/outbox.ts",
        find: '["unknown", "completed"].includes',
        replace: '["unknown"].includes',
      },
    ],
    noticedBy: {
      file: "tests/integration/mail-outbox.test.ts",
      test: "hands a row over again whose job ended without its mail",
    },
  },
];

/** Each line of the Lua scripts that keeps a promise. */
const LUA: Mutation[] = [
  {
    what: "a seat beyond the last is given",
    patches: [
      {
        file: RESERVE,
        find: "  if next_seat <= last_seat then\n",
        replace: "  if next_seat then\n",
      },
    ],
    noticedBy: { file: DECIDED, test: "gives each its own, none twice, and none beyond the last" },
  },
  {
    what: "the next seat is not counted on",
    patches: [
      { file: RESERVE, find: "    redis.call('HINCRBY', KEYS[1], 'next', 1)\n", replace: "" },
    ],
    noticedBy: { file: DECIDED, test: "gives each its own, none twice, and none beyond the last" },
  },
  {
    what: "the same request is taken for another one",
    patches: [
      {
        file: RESERVE,
        find: "    if theirs == registration then\n",
        replace: "    if false then\n",
      },
    ],
    noticedBy: { file: DECIDED, test: "gives the same request its hold again" },
  },
  {
    what: "a second request of a person takes over the hold of the first",
    patches: [
      {
        file: RESERVE,
        find: "    if tonumber(redis.call('ZSCORE', KEYS[3], user) or 0) > now then return { 'request_in_progress' } end\n",
        replace: "",
      },
    ],
    noticedBy: {
      file: DECIDED,
      test: "gives a person whose earlier request ran out of time the seat of that one",
    },
  },
  {
    what: "the seat of a person's earlier request is lost",
    patches: [
      {
        file: RESERVE,
        find: "    seat = tonumber(held_seat)\n    if closed then",
        replace: "    if closed then",
      },
    ],
    noticedBy: {
      file: DECIDED,
      test: "gives a person whose earlier request ran out of time the seat of that one",
    },
  },
  {
    what: "a person with a seat gets another hold",
    patches: [
      {
        file: RESERVE,
        find: "  if redis.call('HEXISTS', KEYS[5], user) == 1 then\n",
        replace: "  if false then\n",
      },
    ],
    noticedBy: { file: DECIDED, test: "knows who has one" },
  },
  {
    what: "a hold is given after the deadline",
    patches: [
      { file: RESERVE, find: "  if closed then return { 'deadline_passed' } end\n", replace: "" },
    ],
    noticedBy: { file: DECIDED, test: "refuses after the deadline" },
  },
  {
    what: "a hold is given in a deleted competition",
    patches: [
      {
        file: RESERVE,
        find: "  if state ~= 'open' then return { 'not_found' } end\n",
        replace: "",
      },
    ],
    noticedBy: { file: DECIDED, test: "refuses when the competition was deleted" },
  },
  {
    what: "a key is taken with another request",
    patches: [
      {
        file: RESERVE,
        find: "      if known[1] ~= fingerprint then return { 'idempotency_key_reused' } end\n",
        replace: "",
      },
    ],
    noticedBy: { file: DECIDED, test: "takes only the request that it came with" },
  },
  {
    what: "who cancelled is not looked up",
    patches: [
      {
        file: RESERVE,
        find: "redis.call('SISMEMBER', KEYS[6], user) == 1\n      or state",
        replace: "false\n      or state",
      },
    ],
    noticedBy: {
      file: DECIDED,
      test: "has who cancelled looked up in Postgres when it lost the answer",
    },
  },
  {
    what: "a key under way is kept for ever",
    patches: [{ file: RESERVE, find: "    redis.call('PEXPIRE', record, hold)\n", replace: "" }],
    noticedBy: { file: DECIDED, test: "keeps nothing for ever" },
  },
  {
    what: "a refusal is kept for ever",
    patches: [
      { file: RESERVE, find: "      redis.call('PEXPIRE', record, full_ttl)\n", replace: "" },
    ],
    noticedBy: { file: DECIDED, test: "keeps nothing for ever" },
  },
  {
    what: "a refusal is not remembered",
    patches: [
      {
        file: RESERVE,
        find: "      redis.call('HSET', record, 'fingerprint', fingerprint, 'answer', 'competition_full')\n",
        replace: "",
      },
    ],
    noticedBy: {
      file: KEYS,
      test: "that heard full hears it again for a minute, though a seat came free",
    },
  },
  {
    what: "a refusal is repeated to who has a seat since",
    patches: [
      {
        file: RESERVE,
        find: "      if known[2] and (asked_postgres or not once_here) then",
        replace: "      if known[2] then",
      },
    ],
    noticedBy: {
      file: KEYS,
      test: "whose full was lost on its way hears of the seat that Postgres found",
    },
  },
  {
    what: "a hold never runs out",
    patches: [
      {
        file: RESERVE,
        find: "  redis.call('ZADD', KEYS[3], now + hold, user)\n  if record",
        replace: "  if record",
      },
    ],
    noticedBy: {
      file: UNKNOWN,
      test: "holds of requests that died become free seats without anybody's help",
    },
  },
  {
    what: "the winner's key in a deleted competition is not looked up",
    patches: [
      {
        file: RESERVE,
        find: "      or state ~= 'open' and redis.call('HEXISTS', KEYS[5], user) == 1) then",
        replace: "      ) then",
      },
    ],
    noticedBy: {
      file: UNKNOWN,
      test: "of a deletion: nobody registers, and a winner's key keeps its answer",
    },
  },
  {
    what: "seats of holds that ran out stay taken",
    patches: [
      {
        file: SHARED,
        find: "    if seat then redis.call('ZADD', free, seat, seat) end\n",
        replace: "",
      },
    ],
    noticedBy: {
      file: UNKNOWN,
      test: "holds of requests that died become free seats without anybody's help",
    },
  },
  {
    what: "the sweep does not free holds that ran out",
    patches: [
      {
        file: INSPECT,
        find: "free_late_holds(now_ms(), 256, KEYS[3], KEYS[4], KEYS[5])\n",
        replace: "",
      },
    ],
    noticedBy: { file: SYNCED, test: "a look frees the seats of holds that ran out" },
  },
  {
    what: "the sweep does not count the seats",
    patches: [
      { file: INSPECT, find: "redis.call('ZCARD', KEYS[3]) + untouched", replace: "untouched" },
    ],
    noticedBy: { file: SYNCED, test: "keeps the holds under way, and offers no seat of theirs" },
  },
  {
    what: "a late confirmation takes a seat that somebody else holds",
    patches: [
      {
        file: CONFIRM,
        find: "elseif not confirmed and redis.call('HGET', KEYS[4], user) == mine then",
        replace: "elseif not confirmed then",
      },
    ],
    noticedBy: {
      file: DECIDED,
      test: "a confirmation of a hold that somebody else has by now takes nothing",
    },
  },
  {
    what: "a stored answer is kept for ever",
    patches: [
      {
        file: CONFIRM,
        find: "    redis.call('PEXPIRE', KEYS[5 + member], tonumber(ARGV[1]))\n",
        replace: "",
      },
    ],
    noticedBy: { file: DECIDED, test: "keeps nothing for ever" },
  },
  {
    what: "a sync older than a confirmation lands",
    patches: [{ file: CONFIRM, find: "redis.call('INCR', KEYS[2])\n", replace: "" }],
    noticedBy: { file: SYNCED, test: "after a confirmation" },
  },
  {
    what: "a confirmation is not counted",
    patches: [
      { file: CONFIRM, find: "    redis.call('HINCRBY', KEYS[1], 'confirmed', 1)\n", replace: "" },
    ],
    noticedBy: { file: UNKNOWN, test: "is found again, and Redis keeps its seat taken" },
  },
  {
    what: "a late release frees the hold of the next request",
    patches: [
      {
        file: RELEASE,
        find: "if not registration or registration ~= ARGV[2] then return 'stale' end",
        replace: "if not registration then return 'stale' end",
      },
    ],
    noticedBy: { file: DECIDED, test: "a release leaves the hold of the next request alone" },
  },
  {
    what: "a seat that Postgres refused is offered again",
    patches: [
      {
        file: RELEASE,
        find: "if ARGV[3] ~= '1' then redis.call('ZADD', KEYS[2], seat, seat) end",
        replace: "redis.call('ZADD', KEYS[2], seat, seat)",
      },
    ],
    noticedBy: { file: DECIDED, test: "a seat that Postgres refused is not offered again" },
  },
  {
    what: "a released seat is lost",
    patches: [
      {
        file: RELEASE,
        find: "if ARGV[3] ~= '1' then redis.call('ZADD', KEYS[2], seat, seat) end\n",
        replace: "",
      },
    ],
    noticedBy: { file: SYNCED, test: "keeps the holds under way, and offers no seat of theirs" },
  },
  {
    what: "a released key is kept for its request",
    patches: [
      {
        file: RELEASE,
        find: "if KEYS[5] and redis.call('HEXISTS', KEYS[5], 'answer') == 0 then redis.call('DEL', KEYS[5]) end\n",
        replace: "",
      },
    ],
    noticedBy: { file: DECIDED, test: "forgets a request whose hold was released" },
  },
  {
    what: "a sync older than a release lands",
    patches: [{ file: RELEASE, find: "redis.call('INCR', KEYS[1])\n", replace: "" }],
    noticedBy: { file: SYNCED, test: "after a release of a seat that Postgres refused" },
  },
  {
    what: "a late cancellation frees the next registration's seat",
    patches: [
      {
        file: CANCEL,
        find: "if confirmed and confirmed == registration then",
        replace: "if confirmed then",
      },
    ],
    noticedBy: {
      file: DECIDED,
      test: "a cancellation leaves the seat of the next registration alone",
    },
  },
  {
    what: "a late cancellation frees the next request's hold",
    patches: [
      {
        file: CANCEL,
        find: "  if attempted and attempted == registration then",
        replace: "  if attempted then",
      },
    ],
    noticedBy: { file: DECIDED, test: "a cancellation leaves the hold of the next request alone" },
  },
  {
    what: "a cancellation that overtakes its confirmation leaves the hold",
    patches: [
      {
        file: CANCEL,
        find: "  if attempted and attempted == registration then",
        replace: "  if false then",
      },
    ],
    noticedBy: {
      file: DECIDED,
      test: "a cancellation that overtakes its confirmation frees the seat of the hold",
    },
  },
  {
    what: "who cancelled is not remembered",
    patches: [{ file: CANCEL, find: "redis.call('SADD', KEYS[7], user)\n", replace: "" }],
    noticedBy: {
      file: DECIDED,
      test: "has who cancelled looked up in Postgres when it lost the answer",
    },
  },
  {
    what: "a sync older than a cancellation lands",
    patches: [{ file: CANCEL, find: "redis.call('INCR', KEYS[2])\n", replace: "" }],
    noticedBy: { file: SYNCED, test: "after a cancellation" },
  },
  {
    what: "a cancellation does not change the digest",
    patches: [
      {
        file: CANCEL,
        find: "  redis.call('HINCRBY', KEYS[1], 'digest', -tonumber(string.sub(confirmed, -8), 16))\n",
        replace: "",
      },
    ],
    noticedBy: { file: REGISTRATIONS, test: "frees the seat for the next person, once" },
  },
  {
    what: "a sync older than another one lands",
    patches: [{ file: SYNC, find: "redis.call('SET', KEYS[2], ARGV[2])\n", replace: "" }],
    noticedBy: { file: SYNCED, test: "after a newer sync" },
  },
  {
    what: "what a sync wrote runs out after a minute",
    patches: [{ file: SYNC, find: "  redis.call('PERSIST', key)\n", replace: "" }],
    noticedBy: { file: SYNCED, test: "leaves nothing that runs out by itself" },
  },
  {
    what: "a sync keeps the hold of a committed registration",
    patches: [
      {
        file: SYNC,
        find: "  local keep = redis.call('HEXISTS', KEYS[6], user) == 0\n",
        replace: "  local keep = true\n",
      },
    ],
    noticedBy: { file: SYNCED, test: "drops the hold of a registration that was committed" },
  },
  {
    what: "a sync offers the seat of a hold",
    patches: [
      {
        file: SYNC,
        find: "redis.call('ZREM', KEYS[3], seat) == 0 then",
        replace: "redis.call('ZSCORE', KEYS[3], seat) == false then",
      },
    ],
    noticedBy: {
      file: SYNCED,
      test: "keeps a hold on a seat that is free below others that are taken",
    },
  },
  {
    what: "a sync keeps a hold on a seat that Postgres has given away",
    patches: [
      {
        file: SYNC,
        find: "    keep = seat >= next_seat and seat <= last_seat\n",
        replace: "    keep = true\n",
      },
    ],
    noticedBy: {
      file: SYNCED,
      test: "drops a hold on a seat that Postgres has given to somebody else",
    },
  },
  {
    what: "a sync loses the free seats below a hold",
    patches: [
      {
        file: SYNC,
        find: "      for free = next_seat, seat - 1 do redis.call('ZADD', KEYS[3], free, free) end\n",
        replace: "",
      },
    ],
    noticedBy: { file: SYNCED, test: "keeps the holds under way, and offers no seat of theirs" },
  },
  {
    what: "a sync offers a held seat of the highest range",
    patches: [{ file: SYNC, find: "      next_seat = seat + 1\n", replace: "" }],
    noticedBy: { file: SYNCED, test: "keeps the holds under way, and offers no seat of theirs" },
  },
];

/** The same for the SQL that registrations go through. */
const SQL: Mutation[] = [
  {
    what: "Postgres takes registrations after the deadline",
    patches: [
      {
        file: "app/domain/competitions/tables.ts",
        find: '"c.deleted_at is null and c.reg_deadline > now()"',
        replace: '"c.deleted_at is null"',
      },
    ],
    noticedBy: {
      file: COMMITS,
      test: "nothing after the deadline, and nothing of a deleted competition",
    },
  },
  {
    what: "Postgres takes registrations of a deleted competition",
    patches: [
      {
        file: "app/domain/competitions/tables.ts",
        find: '"c.deleted_at is null and c.reg_deadline > now()"',
        replace: '"c.reg_deadline > now()"',
      },
    ],
    noticedBy: {
      file: COMMITS,
      test: "nothing after the deadline, and nothing of a deleted competition",
    },
  },
  {
    what: "a seat that does not exist fails its whole batch",
    patches: [
      {
        file: COMMIT,
        find: "  join seat s on s.competition_id = i.competition_id and s.seat_no = i.seat_no\n",
        replace: "",
      },
    ],
    noticedBy: { file: COMMITS, test: "the neighbour of one whose seat does not exist" },
  },
  {
    what: "a seat that is taken fails its whole batch",
    patches: [{ file: COMMIT, find: "  on conflict do nothing\n", replace: "" }],
    noticedBy: { file: COMMITS, test: "one of two registrations for the same seat" },
  },
  {
    what: "a key with an answer registers again",
    patches: [
      {
        file: COMMIT,
        find: "${IS_OF_EPOCH} and not exists (\n    select from idempotency_key k where ${IS_ITS_KEY_SQL})",
        replace: "${IS_OF_EPOCH}",
      },
    ],
    noticedBy: {
      file: COMMITS,
      test: "nothing under a key that has its answer, not even after a cancellation",
    },
  },
  {
    what: "a key counts for all competitions",
    patches: [
      {
        file: "app/domain/registration/diagnose.ts",
        find: " and k.scope::text = i.competition_id::text",
        replace: "",
      },
    ],
    noticedBy: {
      file: COMMITS,
      test: "a key counts for one competition: in another it is a new one",
    },
  },
  {
    what: "a key counts for all users",
    patches: [
      {
        file: "app/domain/registration/diagnose.ts",
        find: "k.user_id = i.user_id and ",
        replace: "",
      },
    ],
    noticedBy: { file: KEYS, test: "of one user never shows another's registration" },
  },
  {
    what: "who cancelled is taken for registered",
    patches: [
      {
        file: "app/domain/registration/diagnose.ts",
        find: " and r.status <> 'CANCELLED'",
        replace: "",
      },
    ],
    noticedBy: {
      file: COMMITS,
      test: "who cancelled before, and says of a taken seat that it is taken",
    },
  },
  {
    what: "without Redis a seat that is taken is claimed",
    patches: [
      {
        file: WITHOUT_REDIS,
        find: " and not exists (\n       select 1 from registration r\n       where r.competition_id = s.competition_id and r.seat_no = s.seat_no)",
        replace: "",
      },
    ],
    noticedBy: {
      file: COMMITS,
      test: "each gets a seat of their own, then all are told that it is full",
    },
  },
  {
    what: "without Redis people wait for a seat that is being claimed",
    patches: [
      { file: WITHOUT_REDIS, find: "for update of s skip locked", replace: "for update of s" },
    ],
    noticedBy: { file: COMMITS, test: "a seat that is just being claimed is passed over" },
  },
  {
    what: "without Redis a competition is full while its last seat is being claimed",
    patches: [
      {
        file: WITHOUT_REDIS,
        find: '(await isFull(em, competitionId)) ? "competition_full"',
        replace: 'true ? "competition_full"',
      },
    ],
    noticedBy: {
      file: COMMITS,
      test: "nobody is told that it is full while the last seat is only being claimed",
    },
  },
  {
    what: "without Redis nobody waits for the competition's lock",
    patches: [
      {
        file: WITHOUT_REDIS,
        find: '  await lockCompetition(em, { competitionId, mode: "shared" });\n',
        replace: "",
      },
    ],
    noticedBy: { file: TROUBLE, test: "makes a registration without Redis wait as well" },
  },
  {
    what: "a cancellation is taken after the deadline",
    patches: [
      {
        file: "app/domain/registration/cancel.ts",
        find: '    if (row.closed) return { status: "deadline_passed" as const };\n',
        replace: "",
      },
    ],
    noticedBy: { file: REGISTRATIONS, test: "is refused after the deadline" },
  },
  {
    what: "forgotten holds may still be committed",
    patches: [
      {
        file: "app/domain/registration/seats/sync.ts",
        find: "    await em.execute(RAISE_SEAT_EPOCH_SQL, [competitionId]);\n",
        replace: "",
      },
    ],
    noticedBy: { file: GAPS, test: "is not committed: both sendings of the key hear the same" },
  },
];

export const MUTATIONS: readonly Mutation[] = [...ONCE_UNNOTICED, ...LUA, ...SQL];
