import { expect, test } from "vitest";
import { isLoggedOutage, isRefusedCommit, outageOf, troubleOf } from "./postgres-error";

const failure = (properties: object, message = "no") =>
  Object.assign(new Error(message), properties);
const answered = (code: string) => failure({ code, statement: "insert into registration" });
const onConnecting = (properties: object) => failure({ ...properties, statement: "connect" });

test.each([
  ["25006", "database_read_only"],
  ["53100", "database_full"],
  ["53200", "database_out_of_memory"],
  ["53300", "database_too_many_connections"],
  ["28000", "database_login_refused"],
  ["28P01", "database_login_refused"],
  ["3D000", "database_login_refused"],
  ["42501", "database_permission_denied"],
  ["57P03", "database_starting"],
  ["57P01", "database_away"],
  ["08006", "database_away"],
  ["58030", "database_away"],
  ["ECONNREFUSED", "database_away"],
  ["ETIMEDOUT", "database_silent"],
])("%s is an outage: %s", (code, reason) => {
  expect(outageOf(answered(code))).toBe(reason);
  expect(outageOf(failure({ cause: answered(code) }))).toBe(reason);
  expect(troubleOf(answered(code))).toBe("away");
});

test.each(["23505", "40P01", "57014", "55P03", "22P02", "42P01", "XX000", "P0001"])(
  "%s is the statement's own matter",
  (code) => expect(outageOf(answered(code))).toBeUndefined(),
);

test("whatever goes wrong while connecting is not a request's fault", () => {
  // "database is not currently accepting connections", and a pooler's "no such tenant"
  for (const code of ["55000", "XX000"]) {
    expect(outageOf(onConnecting({ code }))).toBe("database_login_refused");
  }
  for (const more of [{ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }, {}]) {
    expect(outageOf(onConnecting(more))).toBe("database_away");
  }
});

test("a server that takes too long is silent, one that closes is away", () => {
  expect(outageOf(new Error("timeout exceeded when trying to connect"))).toBe("database_silent");
  expect(outageOf(new Error("Query read timeout"))).toBe("database_silent");
  expect(outageOf(new Error("Connection terminated unexpectedly"))).toBe("database_away");
  expect(outageOf(new Error("a bug"))).toBeUndefined();
});

test("another server's outage was not logged as one of Postgres", () => {
  expect(isLoggedOutage(failure({ code: "ECONNREFUSED" }))).toBe(false);
  expect(isLoggedOutage(onConnecting({ code: "ECONNREFUSED" }))).toBe(true);
  expect(isLoggedOutage(answered("55P03"))).toBe(false);
});

test("only what Postgres says before a commit is written means that it was refused", () => {
  const refused = ["23503", "23505", "40001", "40P01", "25006", "53100", "53200"];
  const unknown = ["40003", "57P01", "57P02", "57014", "08006", "08P01", "58000", "XX000"];
  expect([...refused, ...unknown].filter((code) => isRefusedCommit(answered(code)))).toEqual(
    refused,
  );
  expect(isRefusedCommit(new Error("Query read timeout"))).toBe(false);
  expect(isRefusedCommit(new Error("Connection terminated unexpectedly"))).toBe(false);
  const notSent = "Client has encountered a connection error and is not queryable";
  expect(isRefusedCommit(new Error(notSent))).toBe(true);
});
