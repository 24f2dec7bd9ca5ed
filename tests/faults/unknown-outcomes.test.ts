import "../support/faults-on";
import { afterAll, describe, expect, test } from "vitest";
import { deleteCompetition, editCompetition } from "~/domain/competitions/index.server";
import { cancelRegistration, findDrift, register } from "~/domain/registration/index.server";
import { atFailpoint } from "~/platform/failpoint";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  createPerson,
  openCompetition,
  wipeRedis,
} from "../support/fixtures";
import { expireHolds } from "../support/holds";
import { cancelSeat, reserveSeat } from "../support/registration-parts";

afterAll(closeEverything);

/** Fails there once, as a lost reply would; what happened before it stands. */
function loseReplyAt(name: string): void {
  const over = atFailpoint(name, async () => {
    over();
    throw new Error("the reply was lost");
  });
}

describe("a commit that was not answered", () => {
  test("is found again, and Redis keeps its seat taken", async () => {
    const competitionId = await openCompetition({ capacity: 2 });
    const [user, other] = await createPeople(2);
    if (!user || !other) throw new Error("two people");
    loseReplyAt("register-commit-answered");
    const request = { user, competitionId, idempotencyKey: "unheard", fingerprint: "f" };
    const first = await register(request);
    expect(first).toMatchObject({ status: "registered", replayed: false });
    expect(await findDrift([competitionId])).toEqual([]);
    const again = await register(request);
    expect(again).toEqual({ ...first, replayed: true });
    expect(await register({ user: other, competitionId })).toMatchObject({ status: "registered" });
    expect(await confirmedSeats(competitionId)).toHaveLength(2);
  });

  test("answers as it was committed, though the competition was changed meanwhile", async () => {
    const organizer = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: organizer.id, title: "Before" });
    const user = await createPerson();
    const over = atFailpoint("register-commit-answered", async () => {
      over();
      const changes = { title: "After" };
      await editCompetition({ id: competitionId, actor: organizer, changes });
      throw new Error("the reply was lost");
    });
    const request = { user, competitionId, idempotencyKey: "changed" };
    const first = await register(request);
    await wipeRedis();
    expect(await register(request)).toEqual({ ...first, replayed: true });
  });

  test("whose process died is found by the repeat, and its seat is not given away", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const [user, other] = await createPeople(2);
    if (!user || !other) throw new Error("two people");
    const request = { user, competitionId, idempotencyKey: "died" };
    loseReplyAt("register-before-confirm");
    await expect(register(request)).rejects.toThrow("the reply was lost");
    const [seat] = await confirmedSeats(competitionId);
    expect(await register(request)).toMatchObject({ replayed: true, body: { id: seat?.id } });
    await expireHolds(competitionId);
    expect(await register(request)).toMatchObject({ replayed: true, body: { id: seat?.id } });
    expect(await register({ user: other, competitionId })).toEqual({ status: "competition_full" });
    expect(await findDrift([competitionId])).toEqual([]);
  });
});

describe("a message that Redis never got", () => {
  test("of a cancellation: the next registration is not told that it exists already", async () => {
    const competitionId = await openCompetition({ capacity: 1 });
    const user = await createPerson();
    expect(await register({ user, competitionId })).toMatchObject({ status: "registered" });
    loseReplyAt("cancel-after-commit");
    const own = { actor: user, competitionId };
    await expect(cancelRegistration(own)).rejects.toThrow("the reply was lost");
    expect(await register({ user, competitionId })).toMatchObject({ status: "registered" });
    expect(await findDrift([competitionId])).toEqual([]);
  });

  test("of a deletion: nobody registers, and a winner's key keeps its answer", async () => {
    const organizer = await createPerson("ORGANIZER");
    const competitionId = await openCompetition({ organizerId: organizer.id });
    const [user, other] = await createPeople(2);
    if (!user || !other) throw new Error("two people");
    const request = { user, competitionId, idempotencyKey: "deleted" };
    const first = await register(request);
    loseReplyAt("edit-after-commit");
    const deletion = deleteCompetition({ id: competitionId, actor: organizer });
    await expect(deletion).rejects.toThrow("the reply was lost");
    expect(await register({ user: other, competitionId })).toEqual({ status: "not_found" });
    expect(await register(request)).toEqual({ ...first, replayed: true });
    await wipeRedis();
    expect(await register(request)).toEqual({ ...first, replayed: true });
    expect(await register({ user, competitionId })).toEqual({ status: "not_found" });
  });
});

test("a late cancellation of an earlier registration leaves its successor alone", async () => {
  const competitionId = await openCompetition({ capacity: 1 });
  const user = await createPerson();
  await register({ user, competitionId });
  const [first] = await confirmedSeats(competitionId);
  await cancelRegistration({ actor: user, competitionId });
  await register({ user, competitionId });
  await cancelSeat({ userId: user.id, competitionId, registrationId: first?.id ?? "" });
  expect(await findDrift([competitionId])).toEqual([]);
});

test("holds of requests that died become free seats by themselves", async () => {
  const competitionId = await openCompetition({ capacity: 1 });
  const [dead, user] = await createPeople(2);
  if (!dead || !user) throw new Error("two people");
  const registrationId = "00000000-0000-4000-8000-000000000002";
  await reserveSeat({ competitionId, userId: dead.id, registrationId });
  expect(await register({ user, competitionId })).toEqual({ status: "competition_full" });
  await expireHolds(competitionId);
  expect(await register({ user, competitionId })).toMatchObject({ status: "registered" });
});
