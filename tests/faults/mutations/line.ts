import { inFile, type Mutation } from "./mutation";

const LINE = "tests/integration/line.test.ts";
const FREED = "in the transaction that frees it, before Redis knows of it, and nobody walks in";
const KEEPS =
  "a place is kept: the same key gets the same answer, another key where its owner stands";
const DEADLINE = "ends the promotions and tells those in line once; a later one starts them again";

/** Who waits for a seat, and who gets it. */
export const LINE_MUTATIONS: Mutation[] = [
  ...inFile("app/domain/registration/seats/lua/reserve_seats.lua", [
    {
      what: "the line has no end",
      find: "wants_line and in_line < line_limit then",
      replace: "wants_line then",
      noticedBy: [LINE, "the line ends at its limit, and is closed at 0"],
    },
    {
      what: "who waits is not known to wait",
      find: "  if is_waiting then return",
      replace: "  if false then return",
      noticedBy: [LINE, KEEPS],
    },
    {
      what: "nobody is asked to see to seats that are owed",
      find: "  if owed + overdue > 0 then",
      replace: "  if false then",
      noticedBy: [LINE, "when a hold runs out: whoever asks next sees to it"],
    },
  ]),
  ...inFile("app/domain/registration/line/promote.ts", [
    {
      what: "the last in line is promoted first",
      find: "   order by r.line_no limit (select cardinality",
      replace: "   order by r.line_no desc limit (select cardinality",
      noticedBy: [LINE, FREED],
    },
    {
      what: "people are promoted after the deadline",
      find: "(c.reg_deadline > clock_timestamp()) <> ?::boolean",
      replace: "?::boolean is not null",
      noticedBy: [LINE, DEADLINE],
    },
  ]),
  ...inFile("app/domain/registration/free-together.ts", [
    {
      what: "a seat that is given back goes to nobody",
      find: "    promoteFreedStatement(competitionId),\n",
      replace: '    { sql: "select where false", parameters: [] },\n',
      noticedBy: [LINE, FREED],
    },
  ]),
  ...inFile("app/domain/competitions/edit.ts", [
    {
      what: "a later deadline gives nobody a seat",
      find: "competition.regDeadline <= now;\n    if (opensAgain",
      replace: "false;\n    if (opensAgain",
      noticedBy: [LINE, DEADLINE],
    },
  ]),
  ...inFile("app/domain/registration/line/is-open.ts", [
    {
      what: "nobody looks whether an older process lives",
      find: "  return !(found ? found.older : await looking);\n",
      replace: "  return true;\n",
      noticedBy: [
        LINE,
        "nobody gets a place beside a process that knows no line; in a rush through both, nobody is overtaken or lost",
      ],
    },
  ]),
  ...inFile("app/domain/mail/order.ts", [
    {
      what: "mail to a whole line is as urgent as a seat's",
      find: '  "registration.joined": 1,\n',
      replace: '  "registration.joined": 0,\n',
      noticedBy: [
        "tests/integration/mail-outbox.test.ts",
        "lets urgent mail leave first, but still some of every kind",
      ],
    },
  ]),
];
