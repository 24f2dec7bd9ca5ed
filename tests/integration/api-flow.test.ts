import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import * as shapes from "~/api/shapes";
import { database } from "~/platform/orm";
import { call, competitionInput, newCaller } from "../support/api-client";
import { API_SERVERS, startApiServers } from "../support/api-servers";
import { confirmedSeats } from "../support/fixtures";

const urlOf = startApiServers();

describe.each(API_SERVERS)("with %s", (server) => {
  const send = (request: Parameters<typeof call>[1]) => call(urlOf(server), request);

  test("the predecessor's documented flow works from sign-up to a replayed registration", async () => {
    const email = `${randomUUID()}@Test.com`;
    const account = { name: "Test User", email, password: "password123", role: "PARTICIPANT" };
    const signedUp = await send({ method: "POST", path: "/api/auth/signup", json: account });
    expect(signedUp.status).toBe(201);
    expect(shapes.accessShape.strict().parse(signedUp.body)).toMatchObject({
      token_type: "Bearer",
      expires_in: 28_800,
      user: { email: email.toLowerCase(), name: "Test User", role: "PARTICIPANT" },
    });

    const credentials = { email: ` ${email.toUpperCase()} `, password: "password123" };
    const loggedIn = await send({ method: "POST", path: "/api/auth/login", json: credentials });
    expect(loggedIn.status).toBe(200);
    const token: string = loggedIn.body.access_token;
    const me = await send({ path: "/api/auth/me", token });
    expect(me.status).toBe(200);
    expect(me.body).toEqual(signedUp.body.user);

    const organizer = await newCaller("ORGANIZER");
    const where = {
      endsAt: "2999-01-01T18:00:00.000Z",
      timeZone: "Europe/Paris",
      location: "Hall 3",
      lateEntry: true,
    };
    const created = await send({
      method: "POST",
      path: "/api/competitions",
      token: organizer.token,
      json: competitionInput(where),
    });
    expect(created.status).toBe(201);
    const competition = shapes.competitionShape.strict().parse(created.body);
    expect(competition).toMatchObject({
      ...competitionInput({
        regDeadline: expect.any(String),
        startDate: expect.any(String),
      }),
      createdById: organizer.user.id,
      organizer: { id: organizer.user.id, email: organizer.user.email },
      _count: { registrations: 0 },
      seatsLeft: 3,
      ...where,
      version: 1,
    });
    expect(created.headers.location).toBe(`/api/competitions/${competition.id}`);

    const register = () =>
      send({
        method: "POST",
        path: `/api/competitions/${competition.id}/register`,
        token,
        headers: [["Idempotency-Key", "test-key-123"]],
        json: {},
      });
    const registered = await register();
    expect(registered.status).toBe(201);
    expect(registered.headers["idempotent-replayed"]).toBeUndefined();
    expect(shapes.registrationShape.parse(registered.body)).toMatchObject({
      competitionId: competition.id,
      userId: me.body.id,
      user: me.body,
      competition: {
        ...{ id: competition.id, title: "Hackathon", capacity: 3 },
        ...{ ...where, slug: competition.slug, version: 1 },
      },
    });
    const again = await register();
    expect(again.status).toBe(201);
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect(again.text).toBe(registered.text);
    expect(await confirmedSeats(competition.id)).toHaveLength(1);

    const own = await send({ path: "/api/competitions/my-registrations", token });
    expect(own.status).toBe(200);
    expect(shapes.ownRegistrationShape.strict().array().parse(own.body)).toMatchObject([
      { id: registered.body.id, seatNo: registered.body.seatNo, competition: where },
    ]);
    const participants = await send({
      path: `/api/competitions/${competition.id}/participants`,
      token: organizer.token,
    });
    expect(shapes.participantShape.strict().array().parse(participants.body)).toMatchObject([
      { id: registered.body.id, user: { email: email.toLowerCase() } },
    ]);
    const read = await send({ path: `/api/competitions/${competition.id}`, token });
    expect(read.body).toMatchObject({ _count: { registrations: 1 }, seatsLeft: 2 });
    const mailbox = await send({ path: "/api/mailbox", token });
    expect(mailbox.status).toBe(200);
    expect(shapes.mailShape.strict().array().parse(mailbox.body)).toEqual([]);
  });

  test("fifty people want the last seat: one gets it, and the others are told that it is gone", async () => {
    const { token } = await newCaller("ORGANIZER");
    const created = await send({
      method: "POST",
      path: "/api/competitions",
      token,
      json: competitionInput({ capacity: 1 }),
    });
    const path = `/api/competitions/${created.body.id}/register`;
    const callers = await Promise.all(Array.from({ length: 50 }, () => newCaller()));
    const replies = await Promise.all(
      callers.map((caller) => send({ method: "POST", path, token: caller.token })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = replies.filter(({ status }) => status === 409);
    expect(refused.map(({ body }) => body.code)).toEqual(Array(49).fill("competition_full"));
    expect(await confirmedSeats(created.body.id)).toHaveLength(1);
  });

  test("one request sent fifty times at once registers once, and all get the same answer", async () => {
    const { token } = await newCaller("ORGANIZER");
    const json = competitionInput();
    const created = await send({ method: "POST", path: "/api/competitions", token, json });
    const caller = await newCaller();
    const replies = await Promise.all(
      Array.from({ length: 50 }, () =>
        send({
          method: "POST",
          path: `/api/competitions/${created.body.id}/register`,
          token: caller.token,
          headers: [["idempotency-key", "fifty"]],
          json: {},
        }),
      ),
    );
    const answered = replies.filter(({ status }) => status === 201);
    const waiting = replies.filter(({ status }) => status === 409);
    expect(answered.length + waiting.length).toBe(50);
    expect(new Set(answered.map(({ text }) => text)).size).toBe(1);
    for (const { body, headers } of waiting) {
      expect(body.code).toBe("request_in_progress");
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
    }
    expect(await confirmedSeats(created.body.id)).toHaveLength(1);
  });

  test("pages of competitions follow each other by their links, newest first", async () => {
    const { token } = await newCaller("ORGANIZER");
    const tag = `t${randomUUID().slice(0, 8)}`;
    const titles = ["one", "two", "three", "four", "five"];
    for (const title of titles) {
      const json = competitionInput({ title, tags: [tag] });
      await send({ method: "POST", path: "/api/competitions", token, json });
    }
    const seen: string[] = [];
    let path: string | undefined = `/api/competitions?limit=2&tag=${tag}`;
    let pages = 0;
    while (path) {
      const page = await send({ path });
      expect(page.status).toBe(200);
      seen.push(...page.body.map(({ title }: { title: string }) => title));
      path = /^<([^>]+)>; rel="next"$/.exec(String(page.headers.link ?? ""))?.[1];
      pages++;
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(titles.toReversed());
    const found = await send({ path: `/api/competitions?q=THREE&tag=${tag}` });
    expect(found.body).toHaveLength(1);
  });

  test("every other list goes on by its links too, and shows each thing once", async () => {
    const organizer = await newCaller("ORGANIZER");
    const people = [await newCaller(), await newCaller(), await newCaller()];
    const long = "Long ".repeat(100).trim();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      const json = competitionInput({ description: long });
      const create = { method: "POST", path: "/api/competitions", token: organizer.token, json };
      ids.push((await send(create)).body.id);
    }
    for (const { token } of people) {
      await send({ method: "POST", path: `/api/competitions/${ids[0]}/register`, token });
    }
    const [first = people[0]] = people;
    for (const id of ids.slice(1)) {
      await send({ method: "POST", path: `/api/competitions/${id}/register`, token: first?.token });
    }
    for (const id of ids) {
      await database().execute(
        `insert into mail_box (id, user_id, "to", subject, body, html, dedupe_key)
         values (gen_random_uuid(), ?, 'x', ?, 'b', 'h', ?)`,
        [first?.user.id, id, `${server} ${id}`],
      );
    }
    const walk = async (start: string, token = "") => {
      const seen: { [field: string]: unknown; competition: Record<string, unknown> }[] = [];
      let path: string | undefined = start;
      while (path) {
        const page = await send({ path, token });
        expect(page.status).toBe(200);
        expect(page.body.length).toBeGreaterThan(0);
        seen.push(...page.body);
        path = /^<([^>]+)>; rel="next"$/.exec(String(page.headers.link ?? ""))?.[1];
      }
      return seen;
    };
    const own = await walk("/api/competitions/my-registrations?limit=2", first?.token);
    expect(own.map(({ competition }) => competition.id)).toEqual(ids.toReversed());
    expect(own[0]?.competition).toMatchObject({
      description: long.slice(0, 300),
      descriptionShortened: true,
    });
    const participants = `/api/competitions/${ids[0]}/participants`;
    const seats = await walk(`${participants}?limit=1`, organizer.token);
    expect(seats.map(({ seatNo }) => seatNo)).toEqual([1, 2, 3]);
    const mail = await walk("/api/mailbox?limit=1", first?.token);
    expect(mail.map(({ subject }) => subject).sort()).toEqual(ids.toSorted());
    for (const [path, token] of [
      ["/api/competitions/my-registrations?cursor=x", first?.token],
      [`${participants}?cursor=x`, organizer.token],
      ["/api/mailbox?cursor=x", first?.token],
    ] as const) {
      expect((await send({ path, token: token ?? "" })).status).toBe(400);
    }
  });

  test("an organizer's email is for signed-in callers", async () => {
    const organizer = await newCaller("ORGANIZER");
    const json = competitionInput();
    const created = await send({
      method: "POST",
      path: "/api/competitions",
      token: organizer.token,
      json,
    });
    const { token } = await newCaller();
    const path = `/api/competitions/${created.body.id}`;
    const { id, name, email } = organizer.user;
    expect((await send({ path })).body.organizer).toEqual({ id, name });
    expect((await send({ path, token })).body.organizer).toEqual({ id, name, email });
    expect((await send({ path: "/api/competitions" })).text).not.toContain("@");
    expect((await send({ path: "/api/competitions", token })).text).toContain(email);
  });

  test("organizers change and delete only what is theirs", async () => {
    const [own, other] = [await newCaller("ORGANIZER"), await newCaller("ORGANIZER")];
    const json = competitionInput();
    const created = await send({
      method: "POST",
      path: "/api/competitions",
      token: own.token,
      json,
    });
    const path = `/api/competitions/${created.body.id}`;
    const change = (token: string, fields: object) =>
      send({ method: "PATCH", path, token, json: fields });

    expect((await change(other.token, { title: "Mine now" })).status).toBe(404);
    expect((await change(own.token, { title: "Better" })).body).toMatchObject({
      title: "Better",
      capacity: 3,
    });
    const read = await send({ path });
    expect((await send({ path: `${path}/` })).body).toEqual(read.body);
    expect([read.headers.etag, read.body.version]).toEqual(['"2"', 2]);
    const changeIf = (tag: string, fields: object) =>
      send({
        method: "PATCH",
        path,
        token: own.token,
        json: fields,
        headers: [["if-match", tag]],
      });
    const stale = await changeIf('"1"', { title: "Older" });
    expect([stale.status, stale.body.code]).toEqual([409, "edit_conflict"]);
    expect((await changeIf('W/"2"', { title: "Older" })).status).toBe(409);
    expect((await changeIf("2", { title: "Older" })).status).toBe(400);
    const known = await send({ path, headers: [["if-none-match", '"2"']] });
    expect(known.status).toBe(200);
    const fresh = await changeIf('"1", "2"', { title: "Best" });
    expect([fresh.status, fresh.headers.etag]).toEqual([200, '"3"']);
    expect((await changeIf("*", { title: "Better" })).status).toBe(200);
    for (let i = 0; i < 2; i++) {
      const { token } = await newCaller();
      await send({ method: "POST", path: `${path}/register`, token });
    }
    const tooSmall = await change(own.token, { capacity: 1 });
    expect(tooSmall.status).toBe(409);
    expect(tooSmall.body).toMatchObject({ code: "conflict", errors: [{ field: "capacity" }] });
    expect((await change(own.token, { capacity: 2 })).body).toMatchObject({ seatsLeft: 0 });

    const participants = `${path}/participants`;
    expect((await send({ path: participants, token: other.token })).status).toBe(404);
    expect((await send({ method: "DELETE", path, token: other.token })).status).toBe(404);
    const deleteIf = (tag: string) =>
      send({ method: "DELETE", path, token: own.token, headers: [["if-match", tag]] });
    const unseen = await deleteIf('"1"');
    expect([unseen.status, unseen.body.code]).toEqual([409, "edit_conflict"]);
    const { headers } = await send({ path });
    const deleted = await deleteIf(String(headers.etag));
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect((await send({ path })).status).toBe(404);
    expect((await send({ method: "DELETE", path, token: own.token })).status).toBe(404);
  });

  test("a seat that is given back can go to somebody else", async () => {
    const organizer = await newCaller("ORGANIZER");
    const created = await send({
      method: "POST",
      path: "/api/competitions",
      token: organizer.token,
      json: competitionInput({ capacity: 1 }),
    });
    const path = `/api/competitions/${created.body.id}/register`;
    const [first, second] = [await newCaller(), await newCaller()];
    expect((await send({ method: "POST", path, token: first.token })).status).toBe(201);
    expect((await send({ method: "POST", path, token: first.token })).body.code).toBe(
      "already_registered",
    );
    expect((await send({ method: "DELETE", path, token: second.token })).status).toBe(404);
    expect((await send({ method: "DELETE", path, token: first.token })).status).toBe(204);
    expect((await send({ method: "DELETE", path, token: first.token })).status).toBe(404);
    expect((await send({ method: "POST", path, token: second.token })).status).toBe(201);
  });
});
