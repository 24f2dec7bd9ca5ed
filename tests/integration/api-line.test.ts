import { expect, test } from "vitest";
import * as shapes from "~/api/shapes";
import { database } from "~/platform/orm";
import { type ApiCall, call, competitionInput, newCaller } from "../support/api-client";
import { API_SERVERS, startApiServers } from "../support/api-servers";

const urlOf = startApiServers();
const send = (request: ApiCall) => call(urlOf(API_SERVERS[0]), request);

/** A competition with one seat, which is taken, and its line. */
async function openFull(changes: Record<string, unknown> = {}) {
  const organizer = await newCaller("ORGANIZER");
  const json = competitionInput({ capacity: 1, ...changes });
  const { token } = organizer;
  const created = await send({ method: "POST", path: "/api/competitions", token, json });
  const path = `/api/competitions/${created.body.id}`;
  const ask = (who: { token: string }, body: object, key?: string) =>
    send({
      method: "POST",
      path: `${path}/register`,
      token: who.token,
      headers: key ? [["Idempotency-Key", key]] : [],
      json: body,
    });
  const first = await newCaller();
  expect((await ask(first, {})).body).toMatchObject({ status: "CONFIRMED", seatNo: 1 });
  return { created, organizer, path, ask, first };
}

test("a program that asks for it gets a place in line, reads where it stands, and gets the seat", async () => {
  const { created, path, ask, first } = await openFull();
  expect(created.body).toMatchObject({ waitlistLimit: 1, waiting: 0 });
  const [anna, ben] = [await newCaller(), await newCaller()];
  expect((await ask(anna, {})).body.code).toBe("competition_full");

  const joined = await ask(anna, { waitlist: true }, "key");
  expect(joined.status).toBe(201);
  expect(shapes.registrationShape.parse(joined.body)).toMatchObject({
    status: "WAITLISTED",
    seatNo: null,
    waitlist: { placeAtJoin: 1 },
  });
  expect((await ask(anna, {}, "key")).body.code).toBe("idempotency_key_reused");
  const twice = await ask(anna, { waitlist: true }, "another");
  expect([twice.status, twice.body.code, twice.body.place]).toEqual([409, "already_waiting", 1]);
  expect((await ask(ben, { waitlist: true })).body.code).toBe("waitlist_full");
  expect((await send({ path })).body).toMatchObject({ seatsLeft: 0, waiting: 1 });

  const standing = () => send({ path: `${path}/registration`, token: anna.token });
  expect(shapes.standingShape.strict().parse((await standing()).body)).toEqual({
    status: "WAITLISTED",
    seatNo: null,
    waitlist: { place: 1, about: false, joinedAt: expect.any(String) },
  });
  await send({ method: "DELETE", path: `${path}/register`, token: first.token });
  expect((await standing()).body).toEqual({ status: "CONFIRMED", seatNo: 1, waitlist: null });
  const replay = await ask(anna, { waitlist: true }, "key");
  expect(replay.text).toBe(joined.text);
  expect(replay.headers["idempotent-replayed"]).toBe("true");
  await send({ method: "DELETE", path: `${path}/register`, token: anna.token });
  expect((await standing()).status).toBe(404);
});

test("after the deadline the organizer promotes, and nobody is promoted twice", async () => {
  const { organizer, path, ask, first } = await openFull({ waitlistLimit: 5 });
  const [anna, ben] = [await newCaller(), await newCaller()];
  for (const who of [anna, ben]) expect((await ask(who, { waitlist: true })).status).toBe(201);
  const promote = (count: number, { token } = organizer) =>
    send({ method: "POST", path: `${path}/promotions`, token, json: { count } });
  expect((await promote(1)).body.code).toBe("conflict");
  expect((await promote(0)).status).toBe(400);
  const rival = await newCaller("ORGANIZER");
  expect((await promote(1, rival)).status).toBe(404);

  const past = new Date(Date.now() - 1_000).toISOString();
  const closed = { method: "PATCH", path, token: organizer.token, json: { regDeadline: past } };
  expect((await send(closed)).status).toBe(200);
  expect((await promote(5)).body).toEqual([]);
  await database().execute(
    "update registration set status = 'CANCELLED', seat_no = null where user_id = ?",
    [first.user.id],
  );
  const promoted = await promote(5);
  expect(promoted.status).toBe(200);
  expect(shapes.promotedShape.array().parse(promoted.body)).toMatchObject([
    { seatNo: 1, user: { id: anna.user.id } },
  ]);
  expect((await promote(5)).body).toEqual([]);
});
