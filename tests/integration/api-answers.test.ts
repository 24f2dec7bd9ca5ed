import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { accessShape } from "~/api/shapes";
import { type ApiCall, call } from "../support/api-client";
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
});
