import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import {
  browseCompetitions,
  browseOwnCompetitions,
  type CompetitionInput,
  cancelCompetition,
  cloneCompetition,
  createCompetition,
  deleteCompetition,
  editCompetition,
  findCompetition,
  isDeleted,
  listCompetitions,
  listTags,
  publishCompetition,
} from "~/domain/competitions/index.server";
import { cancelRegistration, register, writeOwnCalendar } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { redis } from "~/platform/redis";
import { askToDelete, deleteWithForm } from "~/routes/competitions_.$id_.delete/delete.server";
import { saveEditForm } from "~/routes/competitions_.$id_.edit/edit.server";
import { createWithForm } from "~/routes/competitions_.new/create.server";
import { toCompetitionForm } from "~/web/index.server";
import { formOf, input, later, mailOf } from "../support/competition-life";
import { closeEverything, createPerson, openCompetition } from "../support/fixtures";
import { mailTo, mustJoin, openFull } from "../support/line";
import { driftOf, mustRegister } from "../support/registering";
import { registerWithoutRedis, seatKeys, syncSeats } from "../support/registration-parts";

afterAll(closeEverything);

async function draft(changes: Partial<CompetitionInput> = {}) {
  const actor = await createPerson("ORGANIZER");
  const { id } = await createCompetition({ actor, input: input({ draft: true, ...changes }) });
  return { actor, id, published: () => publishCompetition({ actor, id }) };
}

test("a form that is sent twice creates one competition; with other content, another", async () => {
  const actor = await createPerson("ORGANIZER");
  const fields = { title: `Twice ${randomUUID()}`, description: "About it", capacity: "2" };
  const dates = { timeZone: "UTC", regDeadline: later(24).toISOString().slice(0, 16) };
  const form = { ...fields, ...dates, key: randomUUID() };
  const create = async (values: Record<string, string>) => {
    const answer = await createWithForm(await formOf(actor, values));
    if ("data" in answer) throw new Error(JSON.stringify(answer.data.errors));
    return answer.headers.get("Location");
  };
  const [one, other] = await Promise.all([create(form), create(form)]);
  expect(one).toMatch(
    /^\/competitions\/[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(other).toBe(one);
  // Links may still lead to a competition that was: nobody takes its place by its id.
  expect(one).not.toContain(form.key);
  expect(await create({ ...form, title: "Another" })).not.toBe(one);
  expect(await create({ ...form, capacity: "3" })).not.toBe(one);
  expect(await create({ ...form, draft: "yes" })).not.toBe(one);
  const own = await browseOwnCompetitions({ actor, page: 1, perPage: 5 });
  expect(own.total).toBe(4);
  // Somebody else's is no form of theirs.
  const rival = await createPerson("ORGANIZER");
  const theirs = await createWithForm(await formOf(rival, form));
  expect(theirs).toBeInstanceOf(Response);
  expect((await browseOwnCompetitions({ actor: rival, page: 1, perPage: 5 })).total).toBe(1);
});

describe("a draft", () => {
  test("is visible to its organizer alone, and Redis knows nothing of it", async () => {
    const { actor, id } = await draft();
    const [stranger, rival] = [await createPerson(), await createPerson("ORGANIZER")];
    for (const viewer of [null, stranger, rival]) {
      expect(await findCompetition({ id, viewer })).toBeNull();
    }
    expect(await findCompetition({ id, viewer: actor })).toMatchObject({ status: "draft" });
    expect(await register({ user: stranger, competitionId: id })).toEqual({ status: "not_found" });
    const attempt = { registrationId: randomUUID(), user: stranger, competitionId: id };
    expect(await registerWithoutRedis(attempt)).toEqual({ status: "not_found" });
    expect(await redis().hget(seatKeys(id).meta, "state")).toBe("gone");
    expect(await driftOf([id])).toEqual([]);
    expect(await publishCompetition({ actor: rival, id })).toEqual({ status: "not_found" });
    expect(await cancelCompetition({ actor, id })).toEqual({ status: "draft" });
  });

  test("is in no list but its organizer's", async () => {
    const tag = `t${randomUUID().slice(0, 8)}`;
    const { actor, id } = await draft({ title: `Hidden ${tag}`, tags: [tag] });
    const lists = [
      listCompetitions({ limit: 5, q: tag }),
      listCompetitions({ limit: 5, tag }),
      browseCompetitions({ page: 1, q: tag }),
      browseCompetitions({ page: 1, tag }),
    ];
    for (const { items } of await Promise.all(lists)) expect(items).toEqual([]);
    expect((await listTags({ limit: 1_000 })).map((one) => one.tag)).not.toContain(tag);
    const own = await browseOwnCompetitions({ actor, page: 1, perPage: 5 });
    expect(own.items).toMatchObject([{ id, status: "draft", state: "draft" }]);
  });

  test("gets its seats when it is published, as many as it has by then", async () => {
    const { actor, id, published } = await draft();
    await editCompetition({ actor, id, changes: { capacity: 2 } });
    const seats = () => database().execute("select 1 from seat where competition_id = ?", [id]);
    expect(await seats()).toEqual([]);
    const outcome = await published();
    expect(outcome).toMatchObject({
      status: "published",
      competition: { status: "published", state: "open", seatsLeft: 2, version: 3 },
    });
    expect(await seats()).toHaveLength(2);
    // A repeat changes nothing.
    expect(await published()).toMatchObject({ competition: { seatsLeft: 2, version: 3 } });
    await mustRegister(await createPerson(), id);
    expect(await driftOf([id])).toEqual([]);
  });

  test("is published by its form when another deadline is typed in place of one that has passed", async () => {
    const { actor, id } = await draft();
    // What is typed is by the minute, and a deadline from before its creation is none.
    await database().execute("update competition set created_at = ? where id = ?", [later(-9), id]);
    const competition = await findCompetition({ id, viewer: actor });
    if (!competition) throw new Error("there is no draft");
    const send = async (values: Record<string, string>) =>
      saveEditForm(await formOf(actor, { ...values, publish: "yes" }), id);
    const past = later(-1).toISOString().slice(0, 16);
    const refused = await send({ ...toCompetitionForm(competition), regDeadline: past });
    if (refused instanceof Response) throw new Error("it was published");
    const { errors, values } = refused.data;
    expect(errors).toEqual({ regDeadline: "The registration deadline must be in the future." });
    const ahead = later(5).toISOString().slice(0, 16);
    expect(await send({ ...values, regDeadline: ahead })).toMatchObject({ status: 303 });
    expect(await findCompetition({ id })).toMatchObject({ status: "published" });
  });

  test("is published once, however often that is asked for at the same time", async () => {
    const { id, published } = await draft();
    const outcomes = await Promise.all([published(), published(), published()]);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(3).fill("published"));
    expect(await findCompetition({ id })).toMatchObject({ seatsLeft: 3, version: 2 });
  });

  test("is not published after its deadline", async () => {
    const { id, published } = await draft();
    await database().execute("update competition set reg_deadline = now() where id = ?", [id]);
    await expect(published()).rejects.toMatchObject({
      code: "validation_failed",
      details: { fields: [{ field: "regDeadline" }] },
    });
    expect(await findCompetition({ id })).toBeNull();
  });
});

describe("a copy", () => {
  test("has the texts and numbers, but neither dates nor people, and the two change independently", async () => {
    const actor = await createPerson("ORGANIZER");
    const original = await createCompetition({ actor, input: input({ waitlistLimit: 7 }) });
    await mustRegister(await createPerson(), original.id);
    const outcome = await cloneCompetition({ actor, id: original.id });
    if (outcome.status !== "cloned") throw new Error(outcome.status);
    const { title, description, tags, capacity, waitlistLimit } = original;
    const { competition: copy } = outcome;
    expect(copy).toMatchObject({ title, description, tags, capacity, waitlistLimit });
    expect(copy).toMatchObject({ status: "draft", opensAt: null, startDate: null });
    expect(copy).toMatchObject({ registrations: 0, waiting: 0 });
    expect(copy.id).not.toBe(original.id);

    const publish = () => publishCompetition({ actor, id: copy.id });
    await expect(publish()).rejects.toMatchObject({ code: "validation_failed" });
    const changes = { title: "Next year", tags: [], regDeadline: later(72) };
    await editCompetition({ actor, id: copy.id, changes });
    expect(await publish()).toMatchObject({ status: "published", competition: { seatsLeft: 3 } });
    const { clock: _then, ...before } = original;
    const after = await findCompetition({ id: original.id });
    expect(after).toMatchObject({ ...before, registrations: 1, seatsLeft: 2 });
    const rival = await createPerson("ORGANIZER");
    const stolen = await cloneCompetition({ actor: rival, id: original.id });
    expect(stolen).toEqual({ status: "not_found" });
  });
});

test("it is not deleted with one press while somebody waits, even if nobody has a seat", async () => {
  const { competitionId, organizer, people } = await openFull();
  await mustJoin(people[0], competitionId);
  for (const change of [
    "update competition set reg_deadline = now() where id = ?",
    "update registration set status = 'CANCELLED', seat_no = null where competition_id = ? and seat_no = 1",
  ]) {
    await database().execute(change, [competitionId]);
  }
  await syncSeats({ competitionId });
  expect(await findCompetition({ id: competitionId })).toMatchObject({
    registrations: 0,
    waiting: 1,
  });
  const asked = await deleteWithForm(await formOf(organizer, {}), competitionId);
  expect(asked.headers.get("Location")).toBe(`/competitions/${competitionId}/delete`);
  await deleteWithForm(await formOf(organizer, { confirmed: "yes" }), competitionId);
  expect(await isDeleted(competitionId)).toBe(true);
});

describe("a seat that is given back", () => {
  test("is confirmed by mail, unless its owner has another by then", async () => {
    const competitionId = await openCompetition();
    const user = await createPerson();
    await mustRegister(user, competitionId);
    await cancelRegistration({ actor: user, competitionId });
    expect(await mailTo(user, competitionId)).toEqual(["confirmed", "given_back"]);
    const mail = await mailOf(user, competitionId, "registration.given_back");
    expect(mail?.subject).toBe("You gave your seat back: Test competition");
    expect(mail?.text).toMatch(/Your seat was: +1\n/);
    await mustRegister(user, competitionId);
    expect(await mailOf(user, competitionId, "registration.given_back")).toBeNull();
  });

  test("is confirmed, and taken out of calendars, though its owner waits in line by then", async () => {
    const { competitionId, seated, people } = await openFull();
    const [owner = people[0]] = seated;
    await mustJoin(people[0], competitionId);
    await cancelRegistration({ actor: owner, competitionId });
    await mustJoin(owner, competitionId);
    const mail = await mailOf(owner, competitionId, "registration.given_back");
    expect(mail?.calendar).toContain("METHOD:CANCEL");
  });

  test("a place in line is left without a word", async () => {
    const { competitionId, people } = await openFull();
    const [anna] = people;
    await mustJoin(anna, competitionId);
    await cancelRegistration({ actor: anna, competitionId });
    expect(await mailTo(anna, competitionId)).toEqual(["joined"]);
  });
});

describe("what was deleted", () => {
  test("when it was over did take place: nobody is told, and calendars keep it", async () => {
    const { competitionId: id, organizer: actor, seated } = await openFull();
    const [holder = actor] = seated;
    const ended = async (hours: number) => {
      await database().execute(
        `update competition set reg_deadline = now() - interval '9 hours',
           start_date = now() - interval '9 hours', ends_at = now() - make_interval(hours => ?)
          where id = ?`,
        [hours, id],
      );
      return (await askToDelete(await formOf(actor, {}), id)).isOver;
    };
    expect([await ended(-1), await ended(1)]).toEqual([false, true]);
    await deleteCompetition({ actor, id });
    expect(await mailTo(holder, id)).toEqual(["confirmed"]);
    expect(await writeOwnCalendar({ actor: holder })).toContain("STATUS:CONFIRMED");
  });

  test("is known as deleted, except for a draft, which nobody ever knew", async () => {
    const { actor, id } = await draft();
    await deleteCompetition({ actor, id });
    expect(await isDeleted(id)).toBe(false);
    const open = await openCompetition({ organizerId: actor.id });
    expect(await isDeleted(open)).toBe(false);
    await deleteCompetition({ actor, id: open });
    expect(await isDeleted(open)).toBe(true);
    expect(await isDeleted(randomUUID())).toBe(false);
  });
});
