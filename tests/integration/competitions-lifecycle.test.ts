import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import {
  browseCompetitions,
  browseOwnCompetitions,
  type CompetitionInput,
  cancelCompetition,
  cloneCompetition,
  closeRegistration,
  createCompetition,
  deleteCompetition,
  editCompetition,
  findCompetition,
  isDeleted,
  listCompetitions,
  listTags,
  publishCompetition,
  tellChanges,
} from "~/domain/competitions/index.server";
import type { MailKind } from "~/domain/mail/index.server";
import {
  cancelRegistration,
  lockCompetition,
  orderClosedLineMail,
  register,
} from "~/domain/registration/index.server";
import { database, inTransaction } from "~/platform/orm";
import { redis } from "~/platform/redis";
import { deleteWithForm } from "~/routes/competitions_.$id_.delete/delete.server";
import { saveEditForm } from "~/routes/competitions_.$id_.edit/edit.server";
import { promoteWithForm } from "~/routes/competitions_.$id_.participants/promote.server";
import { createWithForm } from "~/routes/competitions_.new/create.server";
import { toCompetitionForm } from "~/web/index.server";
import { signIn } from "~/web/sessions";
import { COMPOSERS } from "../../worker/composers";
import { importWithout } from "../faults/guards/sources";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  createPerson,
  openCompetition,
  type Person,
} from "../support/fixtures";
import { mailTo, mustJoin, openFull, standings } from "../support/line";
import { lockAlone, somebodyWaits } from "../support/locks";
import { driftOf, mustRegister } from "../support/registering";
import * as guarded from "../support/registration-parts";
import { registerWithoutRedis, seatKeys, syncSeats } from "../support/registration-parts";

const HOUR_MS = 3_600_000;

afterAll(closeEverything);

const later = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

const input = (changes: Partial<CompetitionInput> = {}): CompetitionInput => ({
  title: `Life ${randomUUID()}`,
  description: "About it",
  tags: ["life"],
  capacity: 3,
  opensAt: null,
  regDeadline: later(24),
  startDate: later(48),
  ...changes,
});

async function draft(changes: Partial<CompetitionInput> = {}) {
  const actor = await createPerson("ORGANIZER");
  const { id } = await createCompetition({ actor, input: input({ draft: true, ...changes }) });
  return { actor, id, published: () => publishCompetition({ actor, id }) };
}

/** A form as somebody's browser sends it. */
async function formOf({ id }: { id: string }, values: Record<string, string>): Promise<Request> {
  const [cookie = ""] = (await signIn(new Request("http://site.example/"), id)).split(";");
  const body = new URLSearchParams(values);
  return new Request("http://site.example/", { method: "POST", headers: { cookie }, body });
}

/** What a mail of this kind says to somebody. */
async function mailOf(user: Person, competitionId: string, kind: MailKind) {
  const [order]: { payload: unknown }[] = await database().execute(
    `select o.payload from outbox o join registration r on o.payload->>'registrationId' = r.id::text
      where r.user_id = ? and r.competition_id = ? and o.kind = ? order by o.id desc limit 1`,
    [user.id, competitionId, kind],
  );
  if (!order) throw new Error(`nobody ordered ${kind}`);
  return COMPOSERS[kind](order.payload);
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

describe("once it is cancelled", () => {
  test("nobody gets a seat any more, and registrations stay as they are", async () => {
    const { competitionId, organizer: actor, seated, people } = await openFull();
    const [anna, ben] = people;
    const [holder = anna] = seated;
    await mustJoin(anna, competitionId);
    const cancelled = await cancelCompetition({ actor, id: competitionId, message: "No snow." });
    expect(cancelled).toMatchObject({
      status: "cancelled",
      competition: { status: "cancelled", state: "cancelled", cancelMessage: "No snow." },
    });
    const refused = { status: "competition_cancelled" };
    for (const user of [holder, anna, ben]) {
      expect(await register({ user, competitionId, waitlist: true })).toEqual(refused);
      const attempt = { registrationId: randomUUID(), user, competitionId };
      expect(await registerWithoutRedis(attempt)).toEqual(refused);
    }
    expect(await cancelRegistration({ actor: holder, competitionId })).toEqual(refused);
    expect(await cancelRegistration({ actor: anna, competitionId })).toEqual(refused);
    expect(await standings([holder, anna, ben], competitionId)).toEqual([
      "seat 1",
      "place 1",
      null,
    ]);
    expect(await redis().hget(seatKeys(competitionId).meta, "state")).toBe("cancelled");
    expect(await driftOf([competitionId])).toEqual([]);
  });

  test("a key gets the answer that it had", async () => {
    const actor = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: actor.id });
    const user = await createPerson();
    const first = await mustRegister(user, competitionId, "key");
    await cancelCompetition({ actor, id: competitionId });
    const again = await register({ user, competitionId, idempotencyKey: "key" });
    expect(again).toEqual({ ...first, replayed: true });
  });

  test("everybody with a seat or in line is told once, even if it is deleted later", async () => {
    const { competitionId, organizer: actor, seated, people } = await openFull();
    const [anna, ben] = people;
    const [holder = anna] = seated;
    await mustJoin(anna, competitionId);
    const asked = { actor, id: competitionId };
    await Promise.all([
      cancelCompetition({ ...asked, message: "No snow.\nSee you next year." }),
      cancelCompetition({ ...asked, message: "No snow.\nSee you next year." }),
    ]);
    // What was said stands.
    await cancelCompetition({ ...asked, message: "Another reason" });
    expect(await findCompetition(asked)).toMatchObject({ version: 2 });
    await database().execute("update competition set reg_deadline = now() where id = ?", [
      competitionId,
    ]);
    await orderClosedLineMail();
    await deleteCompetition(asked);
    expect(await mailTo(holder, competitionId)).toEqual(["confirmed", "competition_cancelled"]);
    expect(await mailTo(anna, competitionId)).toEqual(["joined", "competition_cancelled"]);
    expect(await mailTo(ben, competitionId)).toEqual([]);
    const told = await mailOf(holder, competitionId, "registration.competition_cancelled");
    expect(told).toMatchObject({ to: holder.email, subject: "Cancelled: Test competition" });
    expect(told?.text).toContain("No snow.\n\nSee you next year.");
    // The notice is gone by now.
    expect(told?.text).not.toContain(competitionId);
    // What they were told before that would not be true any more is not sent.
    expect(await mailOf(holder, competitionId, "registration.confirmed")).toBeNull();
    expect(await mailOf(anna, competitionId, "registration.joined")).toBeNull();
  });

  test("it cannot be edited", async () => {
    const actor = await createPerson("ORGANIZER");
    const { id } = await createCompetition({ actor, input: input() });
    await cancelCompetition({ actor, id });
    const refused = { status: "competition_cancelled" };
    expect(await editCompetition({ actor, id, changes: { capacity: 9 } })).toEqual(refused);
    expect(await publishCompetition({ actor, id })).toEqual(refused);
    expect(await closeRegistration({ actor, id })).toEqual({ status: "not_open" });
    // A page that was open before still has the line's form.
    const sent = await formOf(actor, { count: "1" });
    expect(await promoteWithForm(sent, id)).toMatchObject({ init: { status: 409 } });
  });

  test("somebody who saw another version does not cancel it", async () => {
    const actor = await createPerson("ORGANIZER");
    const { id } = await createCompetition({ actor, input: input() });
    const stale = await cancelCompetition({ actor, id, ifVersions: [7] });
    expect(stale).toEqual({ status: "edit_conflict" });
    expect(await findCompetition({ id })).toMatchObject({ status: "published" });
  });
});

describe("while it is being cancelled", () => {
  /** Somebody holds a seat, and it is cancelled before their commit; Redis does not hear of it. */
  async function commitAfterwards(parts: typeof guarded) {
    const actor = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: actor.id });
    const [user, other] = (await createPeople(2)) as [Person, Person];
    await mustRegister(other, competitionId);
    const request = { registrationId: randomUUID(), competitionId, user, userId: user.id };
    const hold = await parts.reserveSeat(request);
    if (hold.status !== "reserved") throw new Error(hold.status);
    await database().execute("update competition set cancelled_at = now() where id = ?", [
      competitionId,
    ]);
    const { status: _, ...held } = hold;
    const [outcome] = await parts.commitTogether([{ ...request, ...held }]);
    return { outcome, seats: (await confirmedSeats(competitionId)).length };
  }

  test("a hold from a moment earlier is not committed", async () => {
    const { outcome, seats } = await commitAfterwards(guarded);
    expect(outcome).toEqual({ status: "competition_cancelled" });
    expect(seats).toBe(1);
  });

  test("it would be committed, if Postgres did not check", async () => {
    const door = "tests/support/registration-parts.ts";
    const { seats } = await commitAfterwards(await importWithout("cancelled", door));
    expect(seats).toBe(2);
  });

  test("somebody who registers at that moment has a seat and is told, or has none", async () => {
    const actor = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ capacity: 40, organizerId: actor.id });
    await syncSeats({ competitionId });
    const people = await createPeople(40);
    const [first, ...rest] = people as [Person, ...Person[]];
    await mustRegister(first, competitionId);
    // Everybody gathers behind the lock, the cancellation among them.
    const release = await lockAlone(competitionId);
    const before = rest.slice(0, 20).map((user) => register({ user, competitionId }));
    await somebodyWaits("advisory");
    const cancelling = cancelCompetition({ actor, id: competitionId });
    await somebodyWaits("advisory", 2);
    await release();
    const results = await Promise.all([
      ...before,
      ...rest.slice(20).map((user) => register({ user, competitionId })),
    ]);
    expect(await cancelling).toMatchObject({ status: "cancelled" });
    const seated = await confirmedSeats(competitionId);
    const told = new Set(results.map(({ status }) => status));
    for (const word of told) {
      expect(["registered", "competition_cancelled", "unavailable"]).toContain(word);
    }
    const won = results.filter(({ status }) => status === "registered").length;
    expect(seated).toHaveLength(won + 1);
    for (const { userId } of seated) {
      const kinds = await mailTo({ ...first, id: userId }, competitionId);
      expect(kinds).toEqual(["confirmed", "competition_cancelled"]);
    }
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

describe("a change of time", () => {
  /** As if the last change, and what people were told before it, were so long ago. */
  async function letPass(competitionId: string, minutes: number) {
    await database().execute(
      `update competition_change set changed_at = changed_at - make_interval(mins => ?),
         told_at = told_at - make_interval(mins => ?) where competition_id = ?`,
      [minutes, minutes, competitionId],
    );
    await tellChanges();
  }

  async function seatAndLine() {
    const { competitionId: id, organizer: actor, seated, people } = await openFull();
    const [holder = people[0]] = seated;
    await mustJoin(people[0], id);
    // An hour ago, and by Redis' clock, which is ahead, in an hour.
    await database().execute(
      `update registration set registered_at = registered_at + interval '1 hour',
         updated_at = updated_at - interval '1 hour' where competition_id = ?`,
      [id],
    );
    const starts = (hours: number) =>
      editCompetition({ actor, id, changes: { startDate: later(hours) } });
    const changed = async (user: Person) =>
      (await mailTo(user, id)).filter((kind) => kind === "competition_changed").length;
    return { id, actor, holder, waiting: people[0], late: people[1], starts, changed };
  }

  test("reaches everybody once, whatever was saved in between", async () => {
    const { id, holder, waiting, starts, changed } = await seatAndLine();
    await starts(100);
    await starts(120);
    await tellChanges();
    expect(await changed(holder)).toBe(0);
    // Thousands are told while others register.
    await inTransaction(async (em) => {
      await lockCompetition(em, { competitionId: id, mode: "shared" });
      await letPass(id, 1);
    });
    await letPass(id, 0);
    expect([await changed(holder), await changed(waiting)]).toEqual([1, 1]);
    const mail = await mailOf(waiting, id, "registration.competition_changed");
    expect(mail?.subject).toBe("Changed: Test competition");
    expect(mail?.text).toMatch(/Starts: +\w{3} .* UTC\nStarts before: +\w{3} .* UTC\n/);
  });

  test("is announced every few minutes at most", async () => {
    const { id, holder, starts, changed } = await seatAndLine();
    await starts(100);
    await letPass(id, 1);
    await starts(110);
    await letPass(id, 1);
    expect(await changed(holder)).toBe(1);
    await starts(120);
    await letPass(id, 5);
    expect(await changed(holder)).toBe(2);
  });

  test("is no news if it was undone, or if nothing that matters was changed", async () => {
    const { id, actor, holder, starts, changed } = await seatAndLine();
    const was = await findCompetition({ id });
    await starts(100);
    await editCompetition({ actor, id, changes: { startDate: was?.startDate ?? null } });
    await editCompetition({ actor, id, changes: { title: "Another title" } });
    await letPass(id, 1);
    expect(await changed(holder)).toBe(0);
    expect(await database().execute("select 1 from competition_change")).not.toContainEqual(
      expect.objectContaining({ competition_id: id }),
    );
  });

  test("is no news to people who came after it, nor to anybody once it is cancelled", async () => {
    const { id, actor, holder, late, starts, changed } = await seatAndLine();
    await starts(100);
    await mustJoin(late, id);
    await letPass(id, 1);
    expect([await changed(holder), await changed(late)]).toEqual([1, 0]);
    await starts(110);
    await cancelCompetition({ actor, id });
    await letPass(id, 10);
    expect(await changed(holder)).toBe(1);
  });
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

  test("a place in line is left without a word", async () => {
    const { competitionId, people } = await openFull();
    const [anna] = people;
    await mustJoin(anna, competitionId);
    await cancelRegistration({ actor: anna, competitionId });
    expect(await mailTo(anna, competitionId)).toEqual(["joined"]);
  });
});

describe("what was deleted", () => {
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
