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
const REGISTER = "app/domain/registration/register.ts";
const COMMIT = "app/domain/registration/commit.ts";

const TROUBLE = "tests/integration/registrations-trouble.test.ts";
const HINDSIGHT = "tests/integration/registrations-hindsight.test.ts";
const SCRIPTS = "tests/integration/seat-scripts.test.ts";

/** In TypeScript: those that no test noticed when they were made by hand. */
const CODE: Mutation[] = [
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
      file: SCRIPTS,
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
    noticedBy: { file: SCRIPTS, test: "the confirmed seats" },
  },
  {
    what: "a sync lands with a part of the free seats",
    patches: [
      { file: SYNC, find: "redis.call('ZCARD', KEYS[9]) ~= tonumber(ARGV[11])", replace: "false" },
    ],
    noticedBy: { file: SCRIPTS, test: "the free seats" },
  },
  {
    what: "a sync lands with a part of those who cancelled",
    patches: [
      { file: SYNC, find: "redis.call('SCARD', KEYS[10]) ~= tonumber(ARGV[12])", replace: "false" },
    ],
    noticedBy: { file: SCRIPTS, test: "those who cancelled" },
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

export const MUTATIONS: readonly Mutation[] = CODE;
