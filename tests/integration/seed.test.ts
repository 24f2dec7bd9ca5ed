import { spawnSync } from "node:child_process";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { closePasswordThreads, logIn } from "~/domain/accounts/index.server";
import { browseCompetitions, browseOwnCompetitions } from "~/domain/competitions/index.server";
import { deliverMail, listMailbox } from "~/domain/mail/index.server";
import {
  composeConfirmation,
  findKnownCompetitions,
  listOwnRegistrations,
  register,
} from "~/domain/registration/index.server";
import { composeReminder, writeReminders } from "~/domain/reminders/index.server";
import { database } from "~/platform/orm";
import { seedCommand } from "../../scripts/seed/command";
import { writeSeed } from "../../scripts/seed/write-seed";
import { createPerson, wipeRedis } from "../support/fixtures";
import { closeMailAndEverything } from "../support/mail";
import { driftOf } from "../support/registering";

const everything = {
  status: "written",
  users: 7,
  competitions: 5,
  registrations: 12,
  moved: 0,
};
const nothing = { ...everything, users: 0, competitions: 0, registrations: 0 };

beforeEach(async () => {
  await database().execute(
    `truncate "user", session, competition, seat, registration, redis_gap, stored_answer, outbox,
     mail_box cascade`,
  );
  await wipeRedis();
});

afterAll(async () => {
  await closePasswordThreads();
  await closeMailAndEverything();
});

describe("the seed", () => {
  test("has 2 organizers, 5 participants and 5 competitions, one of each kind", async () => {
    expect(await writeSeed({ ifEmpty: true })).toEqual(everything);
    const { items } = await browseCompetitions({ page: 1 });
    expect(items.map(({ title, state, seatsLeft }) => [title, state, seatsLeft])).toEqual([
      ["City Data Hackathon", "open", 98],
      ["Algorithm Sprint", "open", 1],
      ["Design Jam: Signs People Understand", "open", 29],
      ["Robotics Challenge: Line Followers", "full", 0],
      ["Photo Marathon: One Day, Twelve Themes", "closed", 18],
    ]);
    for (const { startDate, regDeadline } of items) {
      expect(startDate?.getTime()).toBeGreaterThan(Date.now());
      expect(startDate?.getTime()).toBeGreaterThanOrEqual(regDeadline.getTime());
    }
    const known = await findKnownCompetitions();
    expect(known).toHaveLength(5);
    expect(await driftOf(known ?? [])).toEqual([]);
  });

  test("can be logged in to", async () => {
    await writeSeed({ ifEmpty: false });
    for (const email of ["alice@organizer.com", "bob@organizer.com", "charlie@participant.com"]) {
      const role = email.includes("organizer") ? "ORGANIZER" : "PARTICIPANT";
      expect(await logIn({ email, password: "password123" })).toMatchObject({
        status: "ok",
        user: { email, role },
      });
    }
  });

  test("leaves charlie free to register, and the others with mail to come", async () => {
    await writeSeed({ ifEmpty: false });
    const charlie = await findUser("charlie@participant.com");
    expect((await listOwnRegistrations({ actor: charlie })).items).toEqual([]);
    const { items } = await browseCompetitions({ page: 1, q: "algorithm sprint" });
    const competitionId = items[0]?.id ?? "";
    expect(await register({ user: charlie, competitionId })).toMatchObject({
      status: "registered",
      body: { seatNo: 4 },
    });
    expect(await register({ user: charlie, competitionId })).toMatchObject({
      status: "already_registered",
    });
    const rows: { id: string }[] = await database().execute("select id::text from outbox");
    expect(rows).toHaveLength(13);
    const composers = {
      "registration.confirmed": composeConfirmation,
      "registration.reminder": composeReminder,
    };
    for (const { id } of rows) await deliverMail({ outboxId: id, jobId: "a-job", composers });
    const george = await findUser("george@participant.com");
    expect(await listMailbox({ actor: george })).toHaveLength(3);
  });

  test("has something to be reminded of tomorrow", async () => {
    await writeSeed({ ifEmpty: false });
    expect(await writeReminders()).toEqual({ competitions: 1, written: 2 });
  });

  test("is written once, by two at once and by a third", async () => {
    const two = await Promise.all([writeSeed({ ifEmpty: false }), writeSeed({ ifEmpty: false })]);
    expect(two).toContainEqual(everything);
    expect(two).toContainEqual(nothing);
    expect(await writeSeed({ ifEmpty: false })).toEqual(nothing);
  });

  test("comes back in the parts that are missing, and leaves the others as they are", async () => {
    await writeSeed({ ifEmpty: false });
    await database().execute("update competition set title = 'Mine' where capacity = 100");
    await database().execute(`delete from "user" where email = 'charlie@participant.com'`);
    expect(await writeSeed({ ifEmpty: false })).toEqual({ ...nothing, users: 1 });
    expect((await browseCompetitions({ page: 1, q: "mine" })).total).toBe(1);
  });

  test("moves competitions ahead whose start has passed", async () => {
    await writeSeed({ ifEmpty: false });
    await database().execute(
      `update competition set start_date = now() - interval '1 day',
                              reg_deadline = now() - interval '2 days' where capacity = 100`,
    );
    expect(await writeSeed({ ifEmpty: true })).toEqual({ status: "in_use", moved: 1 });
    const { items } = await browseCompetitions({ page: 1 });
    expect(items.filter(({ state }) => state === "open")).toHaveLength(3);
    expect(await driftOf(items.map(({ id }) => id))).toEqual([]);
  });

  test("writes nothing into a database that somebody uses, when asked so", async () => {
    await createPerson();
    expect(await writeSeed({ ifEmpty: true })).toEqual({ status: "in_use", moved: 0 });
    expect((await browseCompetitions({ page: 1 })).total).toBe(0);
  });
});

describe("without demo users", () => {
  test("its competitions are an organizer's who signed up", async () => {
    const actor = await createPerson("ORGANIZER");
    expect(await writeSeed({ ifEmpty: false, organizer: actor.email })).toEqual({
      ...nothing,
      competitions: 5,
    });
    const { items } = await browseOwnCompetitions({ actor, page: 1, perPage: 9 });
    expect(items.map(({ registrations }) => registrations)).toEqual([0, 0, 0, 0, 0]);
    expect(await logIn({ email: "alice@organizer.com", password: "password123" })).toEqual({
      status: "refused",
    });
  });

  test("it is refused for anybody else", async () => {
    const { email } = await createPerson("PARTICIPANT");
    const refused = { status: "organizer_not_found" };
    expect(await writeSeed({ ifEmpty: false, organizer: email })).toEqual(refused);
    expect(await writeSeed({ ifEmpty: false, organizer: "nobody@example.com" })).toEqual(refused);
  });
});

describe("the command", () => {
  test.each([
    [["--without-demo-users"], 2, /Usage/],
    [["--organizer", "a@example.com"], 2, /Usage/],
    [["--everything"], 2, /Usage/],
    [["--help"], 0, /Usage/],
    [["--without-demo-users", "--organizer", "nobody@example.com"], 1, /sign up first/],
  ])("%j ends with %i", async (args, exitCode, text) => {
    expect(await seedCommand(args)).toEqual({ exitCode, text: expect.stringMatching(text) });
  });

  test("names the accounts that can log in, and only those", async () => {
    const run = async () => JSON.parse((await seedCommand(["--if-empty", "--json"])).text);
    const password = "password123";
    const charlie = { role: "PARTICIPANT", email: "charlie@participant.com", password };
    expect(await run()).toMatchObject({
      message: "Written: 7 users, 5 competitions, 12 registrations.",
      logIns: [{ role: "ORGANIZER", email: "alice@organizer.com", password }, charlie],
    });
    await database().execute(
      `update "user" set password_hash = 'another' where email = 'alice@organizer.com'`,
    );
    expect(await run()).toMatchObject({ status: "in_use", logIns: [charlie] });
  });

  test("says what it wrote, and ends", () => {
    const args = ["build/seed.js", "--if-empty"];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stdout).toBe("Written: 7 users, 5 competitions, 12 registrations.\n");
    expect(status).toBe(0);
  });
});

async function findUser(email: string) {
  const [user] = await database().execute<
    { id: string; email: string; name: string; role: "PARTICIPANT" }[]
  >(`select id, email, name, role from "user" where email = ?`, [email]);
  if (!user) throw new Error(`no ${email}`);
  return user;
}
