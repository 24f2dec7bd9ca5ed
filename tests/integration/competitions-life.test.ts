import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setRole } from "~/domain/accounts/index.server";
import {
  type CompetitionChanges,
  type CompetitionInput,
  createCompetition,
  deleteCompetition,
  editCompetition,
  findBySlug,
  findCompetition,
  findOwnCompetition,
} from "~/domain/competitions/index.server";
import { seatKeys } from "~/domain/registration/seats/redis";
import { database } from "~/platform/orm";
import { redis } from "~/platform/redis";
import { closeEverything, createPeople, createPerson, type Person } from "../support/fixtures";
import { lockAlone, lockRow, somebodyWaits } from "../support/locks";

const HOUR = 3_600_000;
let actor: Person;
let stranger: Person;

beforeAll(async () => {
  [actor, stranger] = (await createPeople(2, "ORGANIZER")) as [Person, Person];
});

afterAll(closeEverything);

describe("creating", () => {
  it("makes one seat for each place, and counts them", async () => {
    const competition = await create({ capacity: 25_001 });
    expect(competition).toMatchObject({
      capacity: 25_001,
      seatsLeft: 25_001,
      registrations: 0,
      state: "open",
      organizer: { id: actor.id, name: actor.name },
    });
    expect(await seatNumbers(competition.id)).toEqual(range(1, 25_001));
  });

  it("keeps every character as it was typed", async () => {
    const title = "Què? \\? 'quoted' \"$1\" ?? \\";
    const tags = ["c++", 'a "b", {c}'];
    const { id } = await create({ title, tags });
    expect(await findCompetition({ id })).toMatchObject({ title, tags });
  });

  it("uses UTC and no late entry where a form does not say", async () => {
    const unsaid = await create({ timeZone: undefined, lateEntry: undefined });
    expect(unsaid).toMatchObject({ timeZone: "UTC", lateEntry: false });
  });

  it("gets a short address from its title, which stays, and another one where that is taken", async () => {
    const title = `Chess ${randomUUID()}`;
    const [one, two] = await Promise.all([create({ title }), create({ title })]);
    const slug = title.toLowerCase().replace(" ", "-");
    expect([one, two].map((made) => made.slug).sort()).toEqual([
      slug,
      expect.stringMatching(new RegExp(`^${slug}-[a-z2-9]{5}$`)),
    ]);
    await editCompetition({ id: one.id, actor, changes: { title: "Go" } });
    expect(await findBySlug(one.slug)).toEqual({ id: one.id, isDeleted: false });
    await deleteCompetition({ id: one.id, actor });
    expect(await findBySlug(one.slug)).toEqual({ id: one.id, isDeleted: true });
    const draft = await create({ title: `Draft ${randomUUID()}`, draft: true });
    expect(await findBySlug(draft.slug)).toBeNull();
    await database().execute("update competition set slug = null where id = ?", [two.id]);
    expect((await findBySlug(two.id))?.id).toBe(two.id);
  });

  it("refuses a deadline that has passed, and leaves nothing behind", async () => {
    const title = `late ${randomUUID()}`;
    await expect(
      create({ title, regDeadline: new Date(Date.now() - 1_000) }),
    ).rejects.toMatchObject({
      code: "validation_failed",
      details: { fields: [{ field: "regDeadline" }] },
    });
    const rows = await database().execute("select 1 from competition where title = ?", [title]);
    expect(rows).toEqual([]);
  });
});

describe("finding", () => {
  it("answers null for an invalid id, an unknown one and somebody else's", async () => {
    const { id } = await create({});
    expect(await findCompetition({ id: "7" })).toBeNull();
    expect(await findCompetition({ id: randomUUID() })).toBeNull();
    const action = "edit competition";
    expect(await findOwnCompetition({ id, action, actor: stranger })).toBeNull();
    // The edge writes ids in lower case: another spelling would be another lock and other keys.
    expect(await findCompetition({ id: id.toUpperCase() })).toBeNull();
    const own = await findOwnCompetition({ id, action, actor });
    expect(own).toMatchObject({ id });
  });
});

describe("editing", () => {
  it("changes what is given, keeps the rest, and moves the time of change", async () => {
    const { clock: _read, ...before } = await create({});
    const outcome = await editCompetition({
      id: before.id,
      actor,
      changes: { title: "Better", description: undefined },
    });
    expect(outcome).toMatchObject({
      status: "saved",
      competition: {
        ...before,
        ...{ title: "Better", version: 2, updatedAt: expect.any(Date), clock: expect.anything() },
      },
    });
    const after = await findCompetition({ id: before.id });
    expect(after?.updatedAt.getTime()).toBeGreaterThan(before.updatedAt.getTime());
  });

  it("of another version than the one seen is a conflict; a save without changes does not count as an edit", async () => {
    const { id, version } = await create({});
    await editCompetition({ id, actor, changes: { title: "First" }, ifVersions: [version] });
    const second = { id, actor, changes: { title: "Second" } };
    expect(await editCompetition({ ...second, ifVersions: [version] })).toEqual({
      status: "edit_conflict",
    });
    await database().execute("update competition set seat_epoch = seat_epoch + 1 where id = ?", [
      id,
    ]);
    await editCompetition({ id, actor, changes: { title: "First" } });
    expect(await findCompetition({ id })).toMatchObject({ title: "First", version: 2 });
    expect(await editCompetition({ ...second, ifVersions: [7, 2] })).toMatchObject({
      status: "saved",
      competition: { title: "Second", version: 3 },
    });
  });

  it("is refused to anybody but its organizer, as if it did not exist", async () => {
    const { id } = await create({});
    const changes = { title: "Mine" };
    const none = { status: "not_found" };
    expect(await editCompetition({ id, actor: stranger, changes })).toEqual(none);
    expect(await editCompetition({ id: "x", actor, changes })).toEqual(none);
  });

  it("adds the lowest numbers that are missing when capacity grows", async () => {
    const { id } = await create({ capacity: 10 });
    await register(id, 2, 9);
    await editCompetition({ id, actor, changes: { capacity: 3 } });
    expect(await seatNumbers(id)).toEqual([1, 2, 9]);
    await editCompetition({ id, actor, changes: { capacity: 6 } });
    expect(await seatNumbers(id)).toEqual([1, 2, 3, 4, 5, 9]);
    expect(await findCompetition({ id })).toMatchObject({ capacity: 6, seatsLeft: 4 });
  });

  it("adds and removes thousands of seats around one that is taken", async () => {
    const { id } = await create({ capacity: 10 });
    const resize = (capacity: number) => editCompetition({ id, actor, changes: { capacity } });
    await resize(20_004);
    await register(id, 10_001);
    await resize(2);
    expect(await seatNumbers(id)).toEqual([1, 10_001]);
    await resize(12_000);
    expect(await seatNumbers(id)).toEqual(range(1, 12_000));
  });

  it("never lowers capacity below the seats taken, and says how many there are", async () => {
    const { id } = await create({ capacity: 5 });
    await register(id, 1, 4, 5);
    const lower = (capacity: number) => editCompetition({ id, actor, changes: { capacity } });
    expect(await lower(2)).toEqual({ status: "capacity_below_taken", taken: 3 });
    expect(await seatNumbers(id)).toEqual([1, 2, 3, 4, 5]);
    expect(await lower(3)).toMatchObject({ status: "saved", competition: { state: "full" } });
    expect(await seatNumbers(id)).toEqual([1, 4, 5]);
  });

  it("tells Redis the new capacity and deadline", async () => {
    const { id } = await create({ capacity: 5 });
    await editCompetition({ id, actor, changes: { capacity: 8 } });
    expect(await capacityInRedis(id)).toBe(8);
  });

  it("closes the registration by a deadline in the past, and can still be edited then", async () => {
    const { id } = await create({});
    const closing = { regDeadline: new Date(Date.now() - HOUR) };
    expect(await editCompetition({ id, actor, changes: closing })).toMatchObject({
      competition: { state: "closed" },
    });
    expect(await editCompetition({ id, actor, changes: { title: "Over" } })).toMatchObject({
      status: "saved",
    });
  });

  it("lets it start before the deadline where late entry is allowed, but never end before it starts", async () => {
    const { id, regDeadline } = await create({});
    const before = new Date(regDeadline.getTime() - 60_000);
    const edit = (changes: CompetitionChanges) => editCompetition({ id, actor, changes });
    const late = await edit({ lateEntry: true, startDate: before, endsAt: regDeadline });
    expect(late).toMatchObject({
      status: "saved",
      competition: { endsAt: regDeadline, version: 2 },
    });
    expect(await edit({ lateEntry: false })).toMatchObject({ fields: [{ field: "lateEntry" }] });
    expect(await edit({ endsAt: before })).toMatchObject({ fields: [{ field: "endsAt" }] });
    const after = await edit({ startDate: regDeadline });
    expect(after).toMatchObject({ status: "invalid", fields: [{ field: "startDate" }] });
    expect(await edit({ startDate: null })).toMatchObject({ status: "invalid" });
    expect(await edit({ startDate: null, endsAt: null })).toMatchObject({ status: "saved" });
  });

  it("lets a competition from before late entry, which starts before its deadline, get a new title", async () => {
    const { id } = await create({});
    await database().execute("update competition set start_date = now() where id = ?", [id]);
    expect(await editCompetition({ id, actor, changes: { title: "Better" } })).toMatchObject({
      status: "saved",
    });
  });

  it("applies each of two simultaneous edits of the capacity as a whole", async () => {
    const { id } = await create({ capacity: 10 });
    await Promise.all(
      [30, 4, 17, 25, 8, 40].map((capacity) =>
        editCompetition({ id, actor, changes: { capacity } }),
      ),
    );
    const competition = await findCompetition({ id });
    expect(await seatNumbers(id)).toHaveLength(competition?.capacity ?? -1);
    expect(await capacityInRedis(id)).toBe(competition?.capacity);
  });
});

describe("deleting", () => {
  it("hides it from everybody and keeps its rows", async () => {
    const { id } = await create({});
    expect(await deleteCompetition({ id, actor: stranger })).toEqual({
      status: "not_found",
    });
    expect(await deleteCompetition({ id, actor })).toEqual({ status: "deleted" });
    expect(await deleteCompetition({ id, actor })).toEqual({ status: "not_found" });
    expect(await findCompetition({ id })).toBeNull();
    expect(await editCompetition({ id, actor, changes: { title: "x" } })).toEqual({
      status: "not_found",
    });
    expect(await seatNumbers(id)).toHaveLength(20);
  });
});

describe("a change", () => {
  it("is refused to strangers without a wait for the competition's lock", async () => {
    const { id } = await create({});
    const participant = await createPerson();
    const unlock = await lockAlone(id);
    const refused = await Promise.all([
      editCompetition({ actor: stranger, id, changes: { capacity: 1 } }),
      deleteCompetition({ actor: stranger, id }),
      editCompetition({ actor: participant, id, changes: { capacity: 1 } }),
    ]).finally(unlock);
    expect(refused.map(({ status }) => status)).toEqual(["not_found", "not_found", "forbidden"]);
  });

  it("is refused to somebody who lost the role while it waited for the lock", async () => {
    const demoted = await createPerson("ORGANIZER");
    const { id } = await create({ actor: demoted });
    const unlock = await lockAlone(id);
    const changes = [
      editCompetition({ actor: demoted, id, changes: { title: "Too late" } }),
      deleteCompetition({ actor: demoted, id }),
    ];
    await somebodyWaits("advisory", 2)
      .then(() => setRole({ email: demoted.email, role: "PARTICIPANT" }))
      .finally(unlock);
    expect(await Promise.all(changes)).toEqual([{ status: "forbidden" }, { status: "forbidden" }]);
    expect(await findCompetition({ id })).toMatchObject({ title: "Hackathon" });
  });

  it("of something that was deleted while it waited for the lock finds nothing", async () => {
    const { id } = await create({});
    const unlock = await lockAlone(id);
    const editing = editCompetition({ actor, id, changes: { title: "Too late" } });
    await somebodyWaits("advisory")
      .then(() =>
        database().execute("update competition set deleted_at = now() where id = ?", [id]),
      )
      .finally(unlock);
    expect(await editing).toEqual({ status: "not_found" });
  });

  it("under way makes a change of its organizer's role wait until it is done", async () => {
    const organizer = await createPerson("ORGANIZER");
    const { id } = await create({ actor: organizer });
    const unlock = await lockRow(id);
    const editing = editCompetition({ actor: organizer, id, changes: { title: "Just in time" } });
    await somebodyWaits("transactionid");
    const demoting = setRole({ email: organizer.email, role: "PARTICIPANT" });
    await somebodyWaits("transactionid", 2).finally(unlock);
    expect(await editing).toMatchObject({ status: "saved" });
    expect(await demoting).toMatchObject({ status: "changed" });
  });
});

function create({ actor: by = actor, ...change }: Partial<CompetitionInput> & { actor?: Person }) {
  const regDeadline = new Date(Date.now() + 24 * HOUR);
  return createCompetition({
    actor: by,
    input: {
      title: "Hackathon",
      description: "Build",
      tags: ["coding"],
      capacity: 20,
      opensAt: null,
      regDeadline,
      startDate: new Date(regDeadline.getTime() + HOUR),
      ...change,
    },
  });
}

/** Confirmed registrations, written into Postgres directly. */
async function register(competitionId: string, ...seats: number[]): Promise<void> {
  for (const seat of seats) {
    await database().execute(
      `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
       values (?, ?, ?, 'CONFIRMED', ?, now())`,
      [randomUUID(), competitionId, (await createPerson()).id, seat],
    );
  }
}

async function seatNumbers(competitionId: string): Promise<number[]> {
  const rows: { seat_no: number }[] = await database().execute(
    "select seat_no from seat where competition_id = ? order by seat_no",
    [competitionId],
  );
  return rows.map(({ seat_no }) => seat_no);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
}

async function capacityInRedis(id: string): Promise<number> {
  return Number(await redis().hget(seatKeys(id).meta, "capacity"));
}
