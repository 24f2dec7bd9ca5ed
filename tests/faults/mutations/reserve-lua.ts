import { inFile, type Mutation } from "./mutation";

const SEATS_DECIDED = "tests/integration/seats-decided.test.ts";
const REGISTRATIONS_KEYS = "tests/integration/registrations-keys.test.ts";
const UNKNOWN_OUTCOMES = "tests/faults/unknown-outcomes.test.ts";

/** What decides who gets a hold. */
export const RESERVE_LUA: Mutation[] = [
  ...inFile("app/domain/registration/seats/lua/reserve_seats.lua", [
    {
      what: "a seat beyond the last is given",
      find: "  if next_seat <= last_seat then\n",
      replace: "  if next_seat then\n",
      noticedBy: [SEATS_DECIDED, "gives each its own, none twice, and none beyond the last"],
    },
    {
      what: "the next seat is not counted on",
      find: "    decided.seats = decided.seats + 1\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "gives each its own, none twice, and none beyond the last"],
    },
    {
      what: "the same request is taken for another one",
      find: "    if theirs == registration then\n",
      replace: "    if false then\n",
      noticedBy: [SEATS_DECIDED, "gives the same request its hold again"],
    },
    {
      what: "a second request of a person takes over the hold of the first",
      find: "    if tonumber(redis.call('ZSCORE', expiries, user) or 0) > now then return { 'request_in_progress' } end\n",
      replace: "",
      noticedBy: [
        SEATS_DECIDED,
        "gives a person whose earlier request ran out of time the seat of that one",
      ],
    },
    {
      what: "the seat of a person's earlier request is lost",
      find: "      seat = tonumber(held)\n",
      replace: "",
      noticedBy: [
        SEATS_DECIDED,
        "gives a person whose earlier request ran out of time the seat of that one",
      ],
    },
    {
      what: "a person with a seat gets another hold",
      find: "  if is_registered then return",
      replace: "  if false then return",
      noticedBy: [SEATS_DECIDED, "knows who has one"],
    },
    {
      what: "a hold is given after the deadline",
      find: "  if closed then return { 'deadline_passed' } end\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "refuses after the deadline"],
    },
    {
      what: "who comes too late for a cancelled competition hears that there is none",
      find: "  if state == 'cancelled' then return { 'competition_cancelled' } end\n",
      replace: "",
      noticedBy: [
        "tests/integration/competitions-cancelled.test.ts",
        "nobody gets a seat any more, and registrations stay as they are",
      ],
    },
    {
      what: "a hold is given in a deleted competition",
      find: "  if state ~= 'open' then return { 'not_found' } end\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "refuses when the competition was deleted"],
    },
    {
      what: "a key is taken with another request",
      find: "    if known[1] and known[1] ~= fingerprint then return { 'idempotency_key_reused' } end\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "takes only the request that it came with"],
    },
    {
      what: "who cancelled is not looked up",
      find: "has_cancelled\n      or state",
      replace: "false\n      or state",
      noticedBy: [
        SEATS_DECIDED,
        "has people who cancelled looked up in Postgres when it lost the answer",
      ],
    },
    {
      what: "a winner's late retry hears that it is full",
      find: "(is_committed or has_cancelled",
      replace: "(has_cancelled",
      noticedBy: [
        SEATS_DECIDED,
        "sends people who have an answer to Postgres, though it lost their seat",
      ],
    },
    {
      what: "a key under way is kept for ever",
      find: "    redis.call('PEXPIRE', record, hold)\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "keeps nothing for ever"],
    },
    {
      what: "a refusal is kept for ever",
      find: "      redis.call('PEXPIRE', record, full_ttl)\n",
      replace: "",
      noticedBy: [SEATS_DECIDED, "keeps nothing for ever"],
    },
    {
      what: "a refusal is not remembered",
      find: "      redis.call('HSET', record, 'fingerprint', fingerprint, 'answer', full)\n",
      replace: "",
      noticedBy: [
        REGISTRATIONS_KEYS,
        'that was told "full" is told the same for a minute, even if a seat came free',
      ],
    },
    {
      what: "a refusal is repeated to who has a seat since",
      find: "    if known[2] and not is_committed and (asked_postgres or not once_here) then",
      replace: "    if known[2] and not is_committed then",
      noticedBy: [SEATS_DECIDED, "does not repeat a refusal to somebody who has since got a seat"],
    },
    {
      what: "a hold never runs out",
      find: "  push(decided.holds, now + hold, user)\n  return",
      replace: "  return",
      noticedBy: [UNKNOWN_OUTCOMES, "holds of requests that died become free seats by themselves"],
    },
    {
      what: "the winner's key in a deleted competition is not looked up",
      find: "      or state ~= 'open' and is_here) then",
      replace: "      ) then",
      noticedBy: [
        UNKNOWN_OUTCOMES,
        "of a deletion: nobody registers, and a winner's key keeps its answer",
      ],
    },
  ]),
  ...inFile("app/domain/registration/seats/lua/shared.lua", [
    {
      what: "seats of holds that ran out stay taken",
      find: "    if seat then give_back(seat, free, queue, owed) end\n",
      replace: "",
      noticedBy: [UNKNOWN_OUTCOMES, "holds of requests that died become free seats by themselves"],
    },
  ]),
];
