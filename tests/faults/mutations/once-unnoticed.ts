import { inFile, type Mutation } from "./mutation";

const REGISTRATIONS_HINDSIGHT = "tests/integration/registrations-hindsight.test.ts";
const REGISTRATIONS_TROUBLE = "tests/integration/registrations-trouble.test.ts";
const COMPETITIONS_LISTS = "tests/integration/competitions-lists.test.ts";
const SEATS_DECIDED = "tests/integration/seats-decided.test.ts";
const SEATS_SYNCED = "tests/integration/seats-synced.test.ts";
const REGISTRATIONS_KEYS = "tests/integration/registrations-keys.test.ts";
const LINE = "tests/integration/line.test.ts";
const REMINDERS = "tests/integration/reminders.test.ts";
const MAIL_OUTBOX = "tests/integration/mail-outbox.test.ts";

/** Made by hand once, when no test noticed them. */
export const ONCE_UNNOTICED: Mutation[] = [
  ...inFile("app/domain/registration/seats/lua/reserve_seats.lua", [
    {
      what: "the deadline counts before the registration that somebody has",
      find: "  if is_registered then return",
      replace: "  if closed then return { 'deadline_passed' } end\n  if is_registered then return",
      noticedBy: [
        REGISTRATIONS_HINDSIGHT,
        "a winner's key still has its answer, though Redis lost it",
      ],
    },
  ]),
  ...inFile("app/domain/registration/diagnose.ts", [
    {
      what: "the same on the path without Redis",
      find: "  if (found.registered_id !== null) {\n",
      replace:
        '  if (found.closed) return { status: "deadline_passed" };\n  if (found.registered_id !== null) {\n',
      noticedBy: [
        REGISTRATIONS_HINDSIGHT,
        "without Redis, registered people hear that they are, not that it is too late",
      ],
    },
  ]),
  ...inFile("app/domain/registration/free-together.ts", [
    {
      what: "a cancellation does not take the competition's lock",
      find: 'select pg_advisory_xact_lock(${lockNumberSql("?")}), ${BY',
      replace: "select ?::text, ${BY",
      noticedBy: [REGISTRATIONS_TROUBLE, "makes a cancellation wait for others' commits under way"],
    },
  ]),
  ...inFile("app/domain/registration/without-redis.ts", [
    {
      what: "a seat given without Redis is answered before the other processes can know of it",
      find: 'if ("status" in result && "body" in result) await announceGap();',
      replace: "",
      noticedBy: [
        REGISTRATIONS_HINDSIGHT,
        "a seat given without Redis is answered once every process has had time to learn of it",
      ],
    },
  ]),
  ...inFile("app/domain/competitions/lists.ts", [
    {
      what: "the list's cursor does not tell competitions of one instant apart",
      find: "(c.created_at, c.id) < (?::timestamptz, ?::uuid)",
      replace: "c.created_at < ?::timestamptz and ?::uuid is not null",
      noticedBy: [
        COMPETITIONS_LISTS,
        "of competitions made at one instant shows each once, whatever the page's size",
      ],
    },
  ]),
  ...inFile("app/domain/registration/seats/lua/release_seat.lua", [
    {
      what: "releasing a hold forgets that its key got an answer",
      find: "if record_key and redis.call('HEXISTS', record_key, 'committed') == 0 then",
      replace: "if record_key then",
      noticedBy: [
        SEATS_DECIDED,
        "releasing a hold does not forget that its key got an answer meanwhile",
      ],
    },
  ]),
  ...inFile("app/domain/registration/register.ts", [
    {
      what: "a request that gives up keeps its hold",
      find: "  if (!isCommitUnknown) await release(attempt);\n",
      replace: "",
      noticedBy: [REGISTRATIONS_TROUBLE, "a request that gives up gives its seat back"],
    },
    {
      what: "a replay frees the seat in Redis that its registration has",
      find: "{ seatRefused: outcome.body.seatNo === held.seatNo }",
      replace: "{ seatRefused: false }",
      noticedBy: [
        REGISTRATIONS_HINDSIGHT,
        "on the very seat it has: the hold is dropped, and the seat is not offered again",
      ],
    },
    {
      what: "a request whose key was used for another one keeps its hold",
      find: '    case "idempotency_key_reused":\n      await release(held);\n',
      replace: '    case "idempotency_key_reused":\n',
      noticedBy: [
        REGISTRATIONS_HINDSIGHT,
        "and its key came with another request before: the held seat is free again",
      ],
    },
    {
      what: "Redis is not told that Postgres knows no answer under the key",
      find: "seat = await reserveSeat({ ...request, keyIsNew: true });",
      replace: "seat = await reserveSeat(request);",
      noticedBy: [
        REGISTRATIONS_HINDSIGHT,
        "somebody who cancelled and has a new key gets a seat from Redis, not from Postgres alone",
      ],
    },
  ]),
  ...inFile("app/domain/registration/commit-with-others.ts", [
    {
      what: "while Postgres is away each of a batch is tried on its own",
      find: '? "everyone" : "one"',
      replace: '? "one" : "one"',
      noticedBy: [
        REGISTRATIONS_TROUBLE,
        "because Postgres is away, everybody in the batch is told at once",
      ],
    },
    {
      what: "those who waited for the lock in vain wait again on a connection each",
      find: '(troubleOf(error) === "busy" ? "batch" : BATCHES.blame(error))',
      replace: "BATCHES.blame(error)",
      noticedBy: [
        REGISTRATIONS_TROUBLE,
        "those who waited for the lock together try again together, not each on a connection",
      ],
    },
  ]),
  ...inFile("app/domain/registration/line/see-to.ts", [
    {
      what: "an edit that has committed fails with what comes after it",
      find: "seeToLine(competitionId).catch(told(competitionId)));",
      replace: "seeToLine(competitionId));",
      noticedBy: [
        LINE,
        "when the organizer adds seats: one each, in order, and the rest is for everybody",
      ],
    },
  ]),
  ...inFile("app/domain/registration/editions.ts", [
    {
      what: "an edition is forgotten by its age alone",
      find: "least(now() - make_interval(hours => ?), (select min(created_at) from stored_answer))",
      replace: "now() - make_interval(hours => ?)",
      noticedBy: [
        REGISTRATIONS_KEYS,
        "can be repeated for as long as its answer is there, while two workers forget thousands",
      ],
    },
  ]),
  ...inFile("app/domain/mail/deliver.ts", [
    {
      what: "a mail that was untrue once is never ordered again",
      find: "if (!message && mayComeAgain(row.kind)) {",
      replace: "if (!message && !mayComeAgain(row.kind)) {",
      noticedBy: [REMINDERS, "come again for a start that moved, and not for the old one"],
    },
  ]),
  ...inFile("app/domain/registration/commit-locking.ts", [
    {
      what: "a commit on its own does not wait for the competition's lock",
      find: '    await lockCompetition(em, { competitionId, mode: "shared" });\n',
      replace: "",
      noticedBy: [
        REGISTRATIONS_TROUBLE,
        "makes a registration wait while somebody changes the competition, and then go on",
      ],
    },
  ]),
  ...inFile("app/domain/registration/seats/lua/sync_seats.lua", [
    {
      what: "a sync lands with a part of the confirmed seats",
      find: "redis.call('HLEN', staged_confirmed_key) ~= tonumber(ARGV[10])",
      replace: "false",
      noticedBy: [SEATS_SYNCED, "the confirmed seats"],
    },
    {
      what: "a sync lands with a part of the free seats",
      find: "redis.call('ZCARD', staged_free_key) ~= tonumber(ARGV[11])",
      replace: "false",
      noticedBy: [SEATS_SYNCED, "the free seats"],
    },
    {
      what: "a sync lands with a part of those who cancelled",
      find: "redis.call('SCARD', staged_cancelled_key) ~= tonumber(ARGV[12])",
      replace: "false",
      noticedBy: [SEATS_SYNCED, "those who cancelled"],
    },
  ]),
  ...inFile("app/domain/mail/lost-jobs.ts", [
    {
      what: "a row whose job is completed is left to that job",
      find: '["unknown", "completed"].includes',
      replace: '["unknown"].includes',
      noticedBy: [MAIL_OUTBOX, "hands a row over again whose job ended without its mail"],
    },
  ]),
];
