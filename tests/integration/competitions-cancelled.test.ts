import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import {
  cancelCompetition,
  closeRegistration,
  createCompetition,
  deleteCompetition,
  editCompetition,
  findCompetition,
  publishCompetition,
} from "~/domain/competitions/index.server";
import {
  cancelRegistration,
  orderClosedLineMail,
  register,
} from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { redis } from "~/platform/redis";
import { promoteWithForm } from "~/routes/competitions_.$id_.participants/promote.server";
import { importWithout } from "../faults/guards/sources";
import { formOf, input, mailOf } from "../support/competition-life";
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

afterAll(closeEverything);

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
