import { inFile, type Mutation } from "./mutation";

const MAIL_SMTP = "tests/integration/mail-smtp.test.ts";
const MAIL_BATCHES = "tests/integration/mail-batches.test.ts";
const MAIL_TURNS = "tests/integration/mail-turns.test.ts";
const LIFECYCLE = "tests/integration/competitions-lifecycle.test.ts";
const CANCELLED = "tests/integration/competitions-cancelled.test.ts";
const COMMITS = "tests/integration/commits.test.ts";
const REGISTRATIONS_TWICE = "tests/integration/registrations-twice.test.ts";
const REGISTRATIONS_KEYS = "tests/integration/registrations-keys.test.ts";
const REGISTRATIONS_TROUBLE = "tests/integration/registrations-trouble.test.ts";
const REGISTRATIONS = "tests/integration/registrations.test.ts";
const REDIS_GAPS = "tests/integration/redis-gaps.test.ts";

/** What Postgres is asked on the way of a registration. */
export const SQL: Mutation[] = [
  ...inFile("app/domain/competitions/conditions.sql.ts", [
    {
      what: "Postgres takes registrations after the deadline",
      find: "`${TAKES_PLACE_SQL} and c.reg_deadline > clock_timestamp()`",
      replace: "TAKES_PLACE_SQL",
      noticedBy: [COMMITS, "nothing after the deadline, and nothing of a deleted competition"],
    },
    {
      what: "who waited for the lock while registration closed gets a seat",
      find: "c.reg_deadline > clock_timestamp()",
      replace: "c.reg_deadline > now()",
      noticedBy: [REGISTRATIONS_TROUBLE, "refuses those who wait for it while registration closes"],
    },
    {
      what: "Postgres takes registrations of a deleted competition",
      find: '"c.deleted_at is null and c.published_at is not null"',
      replace: '"c.published_at is not null"',
      noticedBy: [COMMITS, "nothing after the deadline, and nothing of a deleted competition"],
    },
    {
      what: "everybody sees drafts",
      find: '"c.deleted_at is null and c.published_at is not null"',
      replace: '"c.deleted_at is null"',
      noticedBy: [LIFECYCLE, "is in no list but its organizer's"],
    },
    {
      what: "Postgres takes registrations of a cancelled competition",
      find: "`${IS_PUBLIC_SQL} and c.cancelled_at is null`",
      replace: "IS_PUBLIC_SQL",
      noticedBy: [CANCELLED, "a hold from a moment earlier is not committed"],
    },
  ]),
  ...inFile("app/domain/mail/send.ts", [
    {
      what: "a worker that was taken for dead hands its mail over too",
      find: "d.attempts = m.attempt and d.state = 'queued'",
      replace: "d.state = 'queued'",
      noticedBy: [MAIL_SMTP, "by a worker that was taken for dead, or at the same time as another"],
    },
    {
      what: "a mail on its way is still queued",
      find: "set state = 'sending', next_at",
      replace: "set next_at",
      noticedBy: [MAIL_SMTP, "when its worker dies before it records that"],
    },
    {
      what: "a server that always hangs up gets a mail for ever",
      find: "and d.unanswered > 0 then",
      replace: "and false then",
      noticedBy: [MAIL_SMTP, "more than once, if it hangs up without a word"],
    },
  ]),
  ...inFile("app/domain/mail/write-mail.ts", [
    {
      what: "a mail that Postgres refuses keeps its neighbours from their mailboxes",
      find: '(troubleOf(error) === "away" ? "batch" : "one")',
      replace: '(troubleOf(error) === "away" ? "batch" : "batch")',
      noticedBy: [
        MAIL_BATCHES,
        "what fails among many gets a job of its own, and its neighbours get their mail",
      ],
    },
  ]),
  ...inFile("app/domain/mail/turns.ts", [
    {
      what: "a loop of registrations is a loop of mail",
      find: "orders.map(({ id }) => taken.has(id))",
      replace: "orders.map(() => true)",
      noticedBy: [
        MAIL_TURNS,
        "somebody who registers in a loop gets one confirmation, and the true one when the hour is over",
      ],
    },
    {
      what: "a confirmation that never left delays the next for an hour",
      find: "o.done_at is not null\n        and not exists",
      replace: "false\n        and not exists",
      noticedBy: [MAIL_TURNS, "a confirmation that was never sent blocks nothing"],
    },
  ]),
  ...inFile("app/domain/registration/commit.ts", [
    {
      what: "a seat that does not exist fails its whole batch",
      find: "exists (select from seat s\n        where s.competition_id = i.competition_id and s.seat_no = i.seat_no)\n",
      replace: "true\n",
      noticedBy: [COMMITS, "the neighbour of one whose seat does not exist"],
    },
    {
      what: "a seat that is taken fails its whole batch",
      find: "  on conflict do nothing\n",
      replace: "",
      noticedBy: [COMMITS, "one of two registrations for the same seat"],
    },
    {
      what: "a batch is written without the lock that it did not get",
      find: "where c.id = any(current_setting('registration.locked')::uuid[])",
      replace: "where current_setting('registration.locked') <> ''",
      noticedBy: [
        REGISTRATIONS_TROUBLE,
        "makes a registration wait while somebody changes the competition, and then go on",
      ],
    },
    {
      what: "a lock that has ended with its statement lets the batch be written",
      find: "'{}')::text, true) as locked",
      replace: "'{}')::text, false) as locked",
      noticedBy: [COMMITS, "nothing is written outside a transaction, where nobody holds the lock"],
    },
    {
      what: "a key with an answer registers again",
      find: "${IS_OF_EPOCH} and not exists (\n    select from stored_answer k where ${IS_ITS_KEY_SQL})",
      replace: "${IS_OF_EPOCH}",
      noticedBy: [
        COMMITS,
        "nothing under a key that has its answer, not even after a cancellation",
      ],
    },
  ]),
  ...inFile("app/domain/registration/diagnose.ts", [
    {
      what: "a key counts for all competitions",
      find: " and k.scope::text = i.competition_id::text",
      replace: "",
      noticedBy: [COMMITS, "a key counts for one competition: for another it is a new key"],
    },
    {
      what: "a key counts for all users",
      find: "k.user_id = i.user_id and ",
      replace: "",
      noticedBy: [REGISTRATIONS_KEYS, "of one user never shows another's registration"],
    },
    {
      what: "who cancelled is taken for registered",
      find: " and r.status <> 'CANCELLED'",
      replace: "",
      noticedBy: [COMMITS, "somebody who cancelled before, and says that a taken seat is taken"],
    },
  ]),
  ...inFile("app/domain/registration/without-redis.ts", [
    {
      what: "without Redis a seat that is taken is claimed",
      find: " and not exists (\n       select 1 from registration r\n       where r.competition_id = s.competition_id and r.seat_no = s.seat_no)",
      replace: "",
      noticedBy: [COMMITS, "each gets a seat of their own, then everybody is told that it is full"],
    },
    {
      what: "without Redis people wait for a seat that is being claimed",
      find: "for update of s skip locked",
      replace: "for update of s",
      noticedBy: [COMMITS, "a seat that is just being claimed is passed over"],
    },
    {
      what: "without Redis a competition is full while its last seat is being claimed",
      find: '(await isFull(em, attempt)) ? "competition_full"',
      replace: 'true ? "competition_full"',
      noticedBy: [
        COMMITS,
        "nobody is told that it is full while the last seat is still being claimed",
      ],
    },
    {
      what: "without Redis a competition is full by one's own registration",
      find: "\n       and not coalesce(bool_or(user_id = ?), false) as full",
      replace: " and ?::uuid is not null as full",
      noticedBy: [
        REGISTRATIONS_TWICE,
        "one claims the last seat, both without Redis: the other is not told that it is full",
      ],
    },
    {
      what: "without Redis nobody waits for the competition's lock",
      find: '  await lockCompetition(em, { competitionId, mode: "shared" });\n',
      replace: "",
      noticedBy: [REGISTRATIONS_TROUBLE, "makes a registration without Redis wait as well"],
    },
  ]),
  ...inFile("app/domain/registration/free-together.ts", [
    {
      what: "a cancellation is taken after the deadline",
      find: '  if (row.too_late) return { status: "deadline_passed" };\n',
      replace: "",
      noticedBy: [REGISTRATIONS, "is refused after the deadline"],
    },
  ]),
  ...inFile("app/domain/registration/seats/sync.ts", [
    {
      what: "forgotten holds may still be committed",
      find: "    await em.execute(RAISE_SEAT_EPOCH_SQL, [seen.epoch, competitionId]);\n",
      replace: "",
      noticedBy: [REDIS_GAPS, "is not committed: both requests under the key get the same answer"],
    },
    {
      what: "a sync that another one has overtaken lets holds of in between be committed",
      find: "!(isAsThen && snapshot.epoch === made?.epoch)",
      replace: "false",
      noticedBy: [REDIS_GAPS, "is not, though a sync that was overtaken lands after that"],
    },
  ]),
];
