import { pino } from "pino";
import { expect, test } from "vitest";
import { importWithout } from "../../tests/faults/guards/sources";
import { LINES, type log } from "./log";

const SENT = "kanarienvogel";

/** What a log of these lines writes while `work` uses it. */
function written(lines: typeof LINES, work: (one: typeof log) => void): string {
  const texts: string[] = [];
  work(pino(lines, { write: (line) => void texts.push(line) }));
  return texts.join("");
}

const error = () => new Error(SENT, { cause: SENT });

test("an error is logged without what anybody sent, however it is handed over", () => {
  const text = written(LINES, (one) => {
    one.error({ err: error() }, "failed");
    one.error({ err: error() });
    one.error(error(), "failed");
    one.error(error());
    one.error({ err: SENT, reason: error() }, "failed");
    one.child({ err: error() }).error("failed");
  });
  const lines = text.trim().split("\n");
  expect(lines).toHaveLength(6);
  for (const line of lines) {
    const told: { err: object; msg: string } = JSON.parse(line);
    expect(told.err).toHaveProperty("type");
    expect(told.msg).toMatch(/^(failed|error)$/);
    expect(line).not.toContain(SENT);
  }
});

test("a value named like a secret is not logged, on its own or in an object", () => {
  const secrets = { email: SENT, password: SENT, token: SENT, authorization: SENT, id: 7 };
  const text = written(LINES, (one) => {
    one.info({ ...secrets, of: secrets }, "told");
    one.child(secrets).info("told");
  });
  expect(text).not.toContain(SENT);
  expect(text.match(/"id":7/g)).toHaveLength(3);
});

test("without the whitelist it would be logged with all of it", async () => {
  const without = await importWithout<{ LINES: typeof LINES }>(
    "error-whitelist",
    "app/platform/log.ts",
  );
  expect(written(without.LINES, (one) => one.error({ err: error() }, "failed"))).toContain(SENT);
});
