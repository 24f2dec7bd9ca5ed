import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { accessShape } from "~/api/shapes";
import { database } from "~/platform/orm";
import { type ApiCall, call, newCaller } from "../support/api-client";
import { signUp } from "../support/api-refusals";
import { API_SERVERS, startApiServers } from "../support/api-servers";

const urlOf = startApiServers();

describe.each(API_SERVERS)("%s", (server) => {
  const send = (request: ApiCall) => call(urlOf(server), request);

  test.each(["jürgen", "o'neil+x", "a!#$%&*/=?^_`{|}~b", "почта"])(
    "takes an address of %s, and its answer is as described",
    async (name) => {
      const email = `${name}.${randomUUID().slice(0, 8)}@müller.example`;
      const reply = await send(signUp({ email }));
      expect(reply.status, reply.text).toBe(201);
      const { user } = accessShape.parse(reply.body);
      expect(user.email).toBe(email.replace("müller", "xn--mller-kva"));
    },
  );

  test("reads a body whose coding is named as no coding, however that is spelled", async () => {
    const headers: [string, string][] = [["content-encoding", "Identity"]];
    const json = { email: "nobody@example.com", password: "password123" };
    const reply = await send({ method: "POST", path: "/api/auth/login", headers, json });
    expect(reply.status, reply.text).toBe(401);
  });

  test("goes on after the mail that a cursor names, in capitals too", async () => {
    const { user, token } = await newCaller();
    const ids = [randomUUID(), randomUUID()];
    for (const [n, id] of ids.entries()) {
      await database().execute(
        `insert into mail_box (id, user_id, "to", subject, body, html, sent_at, dedupe_key)
           values (?, ?, ?, ?, '', '', to_timestamp(?), ?)`,
        [id, user.id, user.email, `mail ${n}`, n, id],
      );
    }
    const cursor = ids[1]?.toUpperCase();
    const reply = await send({ path: `/api/mailbox?cursor=${cursor}`, token });
    expect(reply.body).toMatchObject([{ subject: "mail 0" }]);
  });
});
