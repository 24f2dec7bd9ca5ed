import { inFile, type Mutation } from "./mutation";

const LIFECYCLE = "tests/integration/competitions-lifecycle.test.ts";
const CANCELLED = "tests/integration/competitions-cancelled.test.ts";
const CALENDAR = "tests/integration/calendar.test.ts";
const CALENDAR_FEED = "tests/integration/calendar-feed.test.ts";
const COVER = "tests/integration/cover-image.test.ts";
const OWN = "has one's seats, places in line and, for thirty days, what was cancelled";

/** What becomes of a competition, and what is known of it outside: mail, calendars, pictures. */
export const SHARING_MUTATIONS: Mutation[] = [
  ...inFile("app/domain/competitions/publish.ts", [
    {
      what: "a draft gets its seats each time that it is published",
      find: '      if (now.publishedAt) return { status: "published" as const };\n',
      replace: "",
      noticedBy: [LIFECYCLE, "is published once, however often that is asked for at the same time"],
    },
    {
      what: "a draft is published after its deadline",
      find: "      if (clock?.closed) throw deadlinePassed();\n",
      replace: "",
      noticedBy: [LIFECYCLE, "is not published after its deadline"],
    },
  ]),
  ...inFile("app/domain/competitions/close.ts", [
    {
      what: "who closes in the millisecond of the opening breaks a constraint",
      find: "`greatest(${NOW_SQL}, opens_at + interval '1 millisecond')`",
      replace: "NOW_SQL",
      noticedBy: [
        "tests/integration/competitions-dates.test.ts",
        "in the millisecond of the opening",
      ],
    },
  ]),
  ...inFile("app/domain/competitions/delete.ts", [
    {
      what: "who was told of a cancellation is told of the deletion, too",
      find: "if (!competition.cancelledAt && !now?.over) await orderDeletionMail",
      replace: "if (!now?.over) await orderDeletionMail",
      noticedBy: [
        CANCELLED,
        "everybody with a seat or in line is told once, even if it is deleted later",
      ],
    },
  ]),
  ...inFile("app/domain/registration/calendar/event.ts", [
    {
      what: "what was deleted stays an event for everybody",
      find: "from competition c where c.id = ? and ${IS_PUBLIC_SQL}",
      replace: "from competition c where c.id = ?",
      noticedBy: [
        CALENDAR,
        "is there for everybody while the competition is there and has a start, and so is its link",
      ],
    },
  ]),
  ...inFile("app/domain/registration/calendar/feed.ts", [
    {
      what: "a place in line looks like a seat in one's calendar",
      find: '{ status: "TENTATIVE", ...when }',
      replace: '{ status: "CONFIRMED", ...when }',
      noticedBy: [CALENDAR_FEED, OWN],
    },
    {
      what: "what was cancelled vanishes from one's calendar",
      find: "(r.status <> 'CANCELLED' or r.updated_at > now() - make_interval(days => ?))",
      replace: "(r.status <> 'CANCELLED' or ?::int < 0)",
      noticedBy: [CALENDAR_FEED, OWN],
    },
  ]),
  ...inFile("app/domain/registration/calendar/secret.ts", [
    {
      what: "a calendar's address opens for who is no participant any more",
      find: 'return actor && isRoleFor({ actor, action: "share own calendar" }) ? actor : null;',
      replace: "return actor ?? null;",
      noticedBy: [
        CALENDAR_FEED,
        "works until there is a new one, or none, and only for a participant",
      ],
    },
  ]),
  ...inFile("app/domain/competitions/cover-image.ts", [
    {
      what: "a deleted competition's picture is kept for ever",
      find: '"delete from cover_image where competition_id = ?"',
      replace: '"delete from cover_image where competition_id = ? and false"',
      noticedBy: [
        COVER,
        "there is none for a missing or deleted competition, and a stored one goes with the seats",
      ],
    },
  ]),
];
