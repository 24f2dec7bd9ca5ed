import { inFile, type Mutation } from "./mutation";

const SEATS_SYNCED = "tests/integration/seats-synced.test.ts";
const SEATS_DECIDED = "tests/integration/seats-decided.test.ts";
const UNKNOWN_OUTCOMES = "tests/faults/unknown-outcomes.test.ts";
const REGISTRATIONS = "tests/integration/registrations.test.ts";

/** What becomes of a hold, and of what a sync brings. */
export const OTHER_LUA: Mutation[] = [
  ...inFile("app/domain/registration/seats/lua/inspect_seats.lua", [
    {
      what: "the sweep does not free holds that ran out",
      find: "free_late_holds(now, 256, free_key, holds_key, attempts_key, queue_key, owed_key)\n",
      replace: "",
      noticedBy: [SEATS_SYNCED, "it frees the seats of holds that ran out"],
    },
    {
      what: "the sweep does not count the seats",
      find: "redis.call('ZCARD', free_key) + untouched",
      replace: "untouched",
      noticedBy: [SEATS_SYNCED, "it frees the seats of holds that ran out"],
    },
  ]),
  ...inFile("app/domain/registration/seats/lua/confirm_seats.lua", [
    {
      what: "a late confirmation takes a seat that somebody else holds",
      find: "elseif not confirmed and attempt == registration .. ' ' .. place then",
      replace: "elseif not confirmed then",
      noticedBy: [
        SEATS_DECIDED,
        "a confirmation of a hold that somebody else has by now changes nothing",
      ],
    },
    {
      what: "that a key has its answer is kept for ever",
      find: "    redis.call('PEXPIRE', KEYS[7 + member], tonumber(ARGV[1]))\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "keeps nothing for ever"],
    },
    {
      what: "a sync older than a confirmation lands",
      find: "redis.call('INCR', version_key)\n",
      replace: "",
      noticedBy: [SEATS_SYNCED, "after a confirmation"],
    },
    {
      what: "a confirmation is not counted",
      find: "  redis.call('HINCRBY', meta_key, count, #ended)\n",
      replace: "",
      noticedBy: [UNKNOWN_OUTCOMES, "is found again, and Redis keeps its seat taken"],
    },
  ]),
  ...inFile("app/domain/registration/seats/lua/release_seat.lua", [
    {
      what: "a late release frees the hold of the next request",
      find: "if not registration or registration ~= ARGV[2] then return 'stale' end",
      replace: "if not registration then return 'stale' end",
      noticedBy: [SEATS_DECIDED, "a release leaves the hold of the next request alone"],
    },
    {
      what: "a seat that Postgres refused is offered again",
      find: "if ARGV[3] ~= '1' then give_back(seat, free_key, queue_key, owed_key) end",
      replace: "give_back(seat, free_key, queue_key, owed_key)",
      noticedBy: [SEATS_DECIDED, "a seat that Postgres refused is not offered again"],
    },
    {
      what: "a released seat is lost",
      find: "  if ARGV[3] ~= '1' then give_back(seat, free_key, queue_key, owed_key) end\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "a seat that is given up goes to whoever asks next"],
    },
    {
      what: "a released key is kept for its request",
      find: "if record_key and redis.call('HEXISTS', record_key, 'committed') == 0 then redis.call('DEL', record_key) end\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "forgets a request whose hold was released"],
    },
    {
      what: "a sync older than a release lands",
      find: "redis.call('INCR', version_key)\n",
      replace: "",
      noticedBy: [SEATS_SYNCED, "after a release of a seat that Postgres refused"],
    },
  ]),
  ...inFile("app/domain/registration/seats/lua/settle_seats.lua", [
    {
      what: "a late cancellation frees the next registration's seat",
      find: "  if confirmed and confirmed == registration then\n",
      replace: "  if confirmed then\n",
      noticedBy: [SEATS_DECIDED, "a cancellation leaves the seat of the next registration alone"],
    },
    {
      what: "a late cancellation frees the next request's hold",
      find: "  if attempted and attempted == registration then",
      replace: "  if attempted then",
      noticedBy: [SEATS_DECIDED, "a cancellation leaves the hold of the next request alone"],
    },
    {
      what: "a cancellation that overtakes its confirmation leaves the hold",
      find: "  if attempted and attempted == registration then",
      replace: "  if false then",
      noticedBy: [
        SEATS_DECIDED,
        "a cancellation that overtakes its confirmation frees the seat of the hold",
      ],
    },
    {
      what: "who cancelled is not remembered",
      find: "  redis.call('SADD', cancelled_key, user)\n",
      replace: "",
      noticedBy: [
        SEATS_DECIDED,
        "has people who cancelled looked up in Postgres when it lost the answer",
      ],
    },
    {
      what: "a sync older than a cancellation lands",
      find: "redis.call('INCR', version_key)\n",
      replace: "",
      noticedBy: [SEATS_SYNCED, "after a cancellation"],
    },
    {
      what: "a cancellation does not change the digest",
      find: "    count('confirmed', 'digest', confirmed, -1)\n",
      replace: "    redis.call('HINCRBY', meta_key, 'confirmed', -1)\n",
      noticedBy: [REGISTRATIONS, "frees the seat for the next person, once"],
    },
  ]),
  ...inFile("app/domain/registration/seats/lua/sync_seats.lua", [
    {
      what: "a sync older than another one lands",
      find: "redis.call('SET', version_key, ARGV[2])\n",
      replace: "",
      noticedBy: [SEATS_SYNCED, "after a newer sync"],
    },
    {
      what: "what a sync wrote runs out after a minute",
      find: "end_by_itself(KEYS, tonumber(ARGV[5]))\n",
      replace: "",
      noticedBy: [SEATS_SYNCED, "leaves nothing that runs out before its competition closed"],
    },
    {
      what: "a sync keeps the hold of a committed registration",
      find: "is_of_epoch and redis.call('HEXISTS', confirmed_key, user) == 0\n",
      replace: "is_of_epoch\n",
      noticedBy: [
        SEATS_SYNCED,
        "drops the hold of a registration that was committed with another seat",
      ],
    },
    {
      what: "a sync keeps holds of an earlier epoch, of requests that ended long ago",
      find: "  local keep = is_of_epoch and",
      replace: "  local keep =",
      noticedBy: [
        "tests/integration/redis-gaps.test.ts",
        "has no holds from then: nobody commits them, and their seats are free",
      ],
    },
    {
      what: "a sync offers the seat of a hold",
      find: "redis.call('ZREM', free_key, seat) == 1 then return true end\n  if",
      replace: "redis.call('ZSCORE', free_key, seat) then return true end\n  if",
      noticedBy: [SEATS_SYNCED, "keeps a hold on a seat that is free below others that are taken"],
    },
    {
      what: "a sync keeps a hold on a seat that Postgres has given away",
      find: "  if seat < next_seat or seat > last_seat then return false end\n",
      replace: "  if seat < next_seat or seat > last_seat then return true end\n",
      noticedBy: [SEATS_SYNCED, "drops a hold on a seat that Postgres has given to somebody else"],
    },
    {
      what: "a sync loses the free seats below a hold",
      find: "  for free = next_seat, seat - 1 do redis.call('ZADD', free_key, free, free) end\n",
      replace: "",
      noticedBy: [SEATS_SYNCED, "keeps the holds under way, and offers no seat of theirs"],
    },
    {
      what: "a sync offers a held seat of the highest range",
      find: "  next_seat = seat + 1\n",
      replace: "",
      noticedBy: [SEATS_SYNCED, "keeps the holds under way, and offers no seat of theirs"],
    },
  ]),
];
