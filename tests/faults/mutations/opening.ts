import { inFile, type Mutation } from "./mutation";

const OPENING = "tests/integration/opening.test.ts";
const CLOCK = "app/routes/competitions_.$id/opening-clock.test.ts";
const TOLERANCE =
  "Postgres leaves the last two seconds to Redis' clock; without Redis its own decides";
const FOR_ALL =
  "Redis says whether that is true for everybody: not where somebody holds, has or had a seat";

/** What keeps a door shut until its time, and opens it then. */
export const OPENING_MUTATIONS: Mutation[] = [
  ...inFile("app/domain/registration/seats/lua/reserve_seats.lua", [
    {
      what: "a hold is given before the opening",
      find: "local early = state and now < tonumber(meta[6] or 0)\n",
      replace: "local early = false\n",
      noticedBy: [
        OPENING,
        "Redis gives no seat and says when it opens; from the opening on it does",
      ],
    },
    {
      what: "the opening counts before the seat that somebody has",
      find: "  if is_registered then return",
      replace: "  if not early and is_registered then return",
      noticedBy: [OPENING, "a seat stays its owner's, and their key keeps its answer"],
    },
    {
      what: "what one person hears before the opening is taken to hold for those with a seat",
      find: "local nobody_was_here = early and in_line + redis.call('HLEN', attempts_key) + redis.call('HLEN', confirmed_key)\n  + redis.call('SCARD', cancelled_key) == 0 and '1' or '0'\n",
      replace: "local nobody_was_here = '1'\n",
      noticedBy: [OPENING, FOR_ALL],
    },
  ]),
  ...inFile("app/domain/registration/seats/early.ts", [
    {
      what: "Redis is asked by everybody who comes too early",
      find: "      if (isForAll) known.set",
      replace: "      if (false) known.set",
      noticedBy: [OPENING, FOR_ALL],
    },
  ]),
  ...inFile("app/domain/registration/seats/sync.ts", [
    {
      what: "who moves an opening goes on to refuse by the old one",
      find: "  const owing = owed.get(competitionId);\n  forgetEarly(competitionId);\n",
      replace: "  const owing = owed.get(competitionId);\n",
      noticedBy: [
        OPENING,
        "the API tells a program when to come back, and then accepts the same key",
      ],
    },
  ]),
  ...inFile("app/domain/registration/seats/drift.ts", [
    {
      what: "a Redis that knows another opening is left alone",
      find: '    ["opening time", redis.opensAt, Number(postgres.opens_at)],\n',
      replace: "",
      noticedBy: [OPENING, "a Redis with another opening has drifted"],
    },
  ]),
  ...inFile("app/domain/competitions/conditions.sql.ts", [
    {
      what: "Postgres takes registrations before the opening",
      find: "`${IS_NOT_OVER_SQL} and not ${IS_EARLY_SQL}`",
      replace: "IS_NOT_OVER_SQL",
      noticedBy: [OPENING, "Postgres gives no seat, though Redis thinks that it is open"],
    },
    {
      what: "Postgres' clock judges who was let in by Redis'",
      find: "interval '2 seconds'",
      replace: "interval '0 seconds'",
      noticedBy: [OPENING, TOLERANCE],
    },
    {
      what: "without Redis people are let in two seconds early",
      find: "then interval '0' else",
      replace: "then ${TOLERANCE_SQL} else",
      noticedBy: [OPENING, TOLERANCE],
    },
  ]),
  ...inFile("app/domain/competitions/edit.ts", [
    {
      what: "Redis does not hear of an opening that was moved",
      find: "[capacity, opensAt, regDeadline, waitlistLimit].some",
      replace: "[capacity, regDeadline, waitlistLimit].some",
      noticedBy: [
        OPENING,
        "closes registration with an opening to come, and opens it again, at once",
      ],
    },
  ]),
  ...inFile("app/web/kept-pages.ts", [
    {
      what: "a page from before the opening is kept after it",
      find: "(status === 200 ? until : 0)",
      replace: "(status === 200 || until === 0 ? undefined : 0)",
      noticedBy: [OPENING, "neither a kept page nor kept seats show what was before the opening"],
    },
  ]),
  ...inFile("app/routes/competitions_.$id/opening-clock.ts", [
    {
      what: "a countdown goes by the visitor's clock",
      find: "  return said + performance.now() - heardAt;\n",
      replace: "  return said > heardAt ? Date.now() : said;\n",
      noticedBy: [
        CLOCK,
        "the countdown ends at the opening by the server's clock, at nought, and is over",
      ],
    },
    {
      what: "a countdown goes on below nought",
      find: "Math.max(0, options.opensAt - options.now())",
      replace: "options.opensAt - options.now()",
      noticedBy: [CLOCK, "is at nought at once where the page came late"],
    },
  ]),
];
