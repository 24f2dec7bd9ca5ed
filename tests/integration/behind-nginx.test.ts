import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { issueAccessToken } from "~/domain/accounts/index.server";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { closeEverything, createPeople, openCompetition, type Person } from "../support/fixtures";
import { startNginx } from "../support/nginx";
import { startWeb } from "../support/web-process";

afterAll(closeEverything);

/** Enough to have requests under way all the time, and few enough to let processes start beside. */
const AT_ONCE = 8;
const REST_MS = 10;
const SETTINGS = { TRUST_PROXY: "1", DRAIN_DELAY_S: "1", WEB_CONCURRENCY: "1" };

test("behind nginx no request fails on SIGTERM or SIGHUP, and none with a key when a process is killed", async () => {
  await ensureBuild(() => {});
  const [replaced, stopped, killed] = await Promise.all([
    startWeb({ ...SETTINGS, WEB_CONCURRENCY: "2" }),
    startWeb(SETTINGS),
    startWeb(SETTINGS),
  ]);
  const nginx = await startNginx({ ports: [replaced.port, stopped.port, killed.port] });
  onTestFinished(() => nginx.stop());
  const named = await fetch(`${nginx.url}/healthz`, {
    headers: { "x-request-id": "a-clients-own" },
  });
  expect(named.headers.get("x-request-id"), "a name that no client chose").toMatch(/^\w{32}$/);
  const load = await startLoad(nginx.url);

  await load.runsFor(100);
  replaced.signal("SIGHUP");
  stopped.signal("SIGTERM");
  expect(await stopped.ended).toBe(0);
  await replaced.printed("all web processes are replaced");
  await load.runsFor(100);

  load.onlyWhatMayBeRepeated();
  await load.runsFor(100);
  killed.signal("SIGKILL");
  await killed.ended;
  await load.runsFor(200);
  expect(await load.stop()).toEqual([]);
}, 240_000);

/** People who read, register under a key, and register without one, until told to stop. */
async function startLoad(site: string) {
  const competition = `${site}/api/competitions/${await openCompetition({ capacity: 5_000 })}`;
  const people = await createPeople(5_000);
  const failures: string[] = [];
  let answers = 0;
  let next = 0;
  let isOver = false;
  let withoutKeys = true;

  const ask = async (what: string, url: string, init?: RequestInit) => {
    const told = await fetch(url, init).then(
      async (answer) => verdict(answer, await answer.text()),
      (error: Error) => String(error.cause ?? error),
    );
    if (told !== "fine") failures.push(`${what}: ${told}`);
    answers += 1;
  };
  const visit = async () => {
    while (!isOver) {
      const number = next++ % people.length;
      const { accessToken } = await issueAccessToken(people[number] as Person);
      const headers = { authorization: `Bearer ${accessToken}` };
      const keyed = { ...headers, "idempotency-key": `key-${number}` };
      await ask("read", competition);
      await ask("with a key", `${competition}/register`, { method: "POST", headers: keyed });
      if (withoutKeys) await ask("no key", `${competition}/register`, { method: "POST", headers });
      await delay(REST_MS);
    }
  };
  const visits = Promise.all(Array.from({ length: AT_ONCE }, visit));
  onTestFinished(() => {
    isOver = true;
  });
  return {
    /** Waits for that many more answers. */
    async runsFor(more: number) {
      const enough = answers + more;
      await expect.poll(() => answers, { timeout: 60_000, interval: 10 }).toBeGreaterThan(enough);
    },
    onlyWhatMayBeRepeated() {
      withoutKeys = false;
    },
    /** @returns what failed */
    async stop() {
      isOver = true;
      await visits;
      return failures;
    },
  };
}

/** Only the product's own answers are fine, and of its refusals those that the load asks for. */
function verdict(answer: Response, body: string): string {
  const codes = ["already_registered", "request_in_progress", "unavailable"];
  const isFine = answer.ok || codes.some((code) => body.includes(`"code":"${code}"`));
  return isFine ? "fine" : `${answer.status} ${body.slice(0, 200)}`;
}
