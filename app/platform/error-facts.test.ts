import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { describeError, reasonOf, withoutValues } from "./error-facts";
import { OwnError } from "./own-error";

const SENT = "kanarienvogel";

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};
const made = (more: object, message = `no ${SENT} here`) => Object.assign(new Error(message), more);

/** What libraries throw, each with what a person sent somewhere in it. */
const FOREIGN: [string, unknown, object][] = [
  ["an error with nothing but a message", made({}), { type: "Error" }],
  ["V8's, of JSON", thrownBy(() => JSON.parse(SENT)), { type: "SyntaxError" }],
  ["V8's, of an address", thrownBy(() => new URL(SENT)), { code: "ERR_INVALID_URL" }],
  [
    "pg's, of a row",
    made({ code: "23505", table: "user", detail: SENT, hint: SENT, where: SENT, query: SENT }),
    { code: "23505", table: "user" },
  ],
  [
    "ioredis', of a command",
    made({ name: "ReplyError", command: { name: "hset", args: [SENT] } }, `OOM ${SENT}`),
    { code: "OOM", command: "hset" },
  ],
  [
    "nodemailer's, of an answer",
    made({ code: "EENVELOPE", response: SENT, rejected: [SENT] }),
    { code: "EENVELOPE" },
  ],
  [
    "zod's, of a field",
    z.object({ age: z.number() }).safeParse({ age: SENT }).error,
    { issues: ["age: invalid_type"] },
  ],
  [
    "zod's, of a field that nobody knows",
    z.strictObject({}).safeParse({ [SENT]: 1 }).error,
    { issues: [": unrecognized_keys"] },
  ],
  [
    "one with a cause",
    made({ cause: made({ code: "ECONNRESET" }) }),
    { cause: expect.objectContaining({ code: "ECONNRESET" }) },
  ],
  [
    "one of several",
    new AggregateError([made({ code: "EPIPE" })], SENT),
    { errors: [expect.objectContaining({ code: "EPIPE" })] },
  ],
  ["one whose code is no constant", made({ code: SENT }), { type: "Error" }],
  ["one whose lines look like a stack", made({}, `x\n    at ${SENT} (/a.js:1:1)`), {}],
  [
    "one whose message was changed since",
    Object.assign(made({}, `x\n    at ${SENT} (/a.js:1:1)\ny`), { message: "another" }),
    {},
  ],
  [
    "one that cannot be read",
    Object.defineProperty(made({}), "code", {
      get: () => {
        throw new Error(SENT);
      },
    }),
    { type: "Error" },
  ],
  ["a text", SENT, { type: "string" }],
  ["an object", { message: SENT, err: SENT }, { type: "Object" }],
  ["a response", { status: 500, statusText: SENT, data: SENT }, { status: 500 }],
];

describe("of an error that is not ours nothing is told that anybody sent", () => {
  test.each(FOREIGN)("%s", (_, error, facts) => {
    expect(describeError(error)).toMatchObject(facts);
    expect(JSON.stringify(describeError(error))).not.toContain(SENT);
    expect(reasonOf(error)).not.toContain(SENT);
    const kept = withoutValues(error);
    expect(`${kept.message} ${kept.stack} ${JSON.stringify(kept)}`).not.toContain(SENT);
    expect(kept.message).not.toBe("");
  });

  test("but where it was thrown", () => {
    expect(describeError(made({})).stack).toMatch(
      /^ {4}at made \(.*error-facts\.test\.ts:\d+:\d+\)/,
    );
    expect(withoutValues(made({})).stack).toContain("error-facts.test.ts");
  });
});

describe("an error is told whole", () => {
  test("when we wrote it", () => {
    const error = new OwnError("the list is empty", { cause: made({ code: "EPIPE" }) });
    expect(describeError(error)).toMatchObject({
      type: "OwnError",
      message: "the list is empty",
      cause: { code: "EPIPE" },
    });
    expect(reasonOf(error)).toBe("the list is empty");
    expect(withoutValues(error)).toBe(error);
  });

  test.each([
    "Connection terminated unexpectedly",
    "Query read timeout",
    "Command timed out",
    "Connection is closed.",
  ])("when it is known to quote nothing: %s", (message) => {
    expect(reasonOf(new Error(message))).toBe(message);
    expect(reasonOf(new Error(`${message} ${SENT}`))).toBe("Error");
  });

  test("when a connection was refused, by its parts", async () => {
    const client = new Redis(1, "127.0.0.1", { retryStrategy: () => null });
    const error = await new Promise((resolve) => client.once("error", resolve));
    expect(reasonOf(error)).toBe("connect ECONNREFUSED 127.0.0.1:1");
  });
});
