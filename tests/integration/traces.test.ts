// It sets SMTP_URL for what follows.
import "../support/smtp-server";

import { afterAll, beforeAll, expect, test } from "vitest";
import { issueAccessToken } from "~/domain/accounts/index.server";
import { signIn } from "~/web/sessions";
import { type BuiltSite, startBuiltSite } from "../support/built-site";
import { type CollectedSpan, startCollector } from "../support/collector";
import { eventually } from "../support/eventually";
import { createPerson, openCompetition } from "../support/fixtures";
import { closeMailAndEverything } from "../support/mail";
import { smtp } from "../support/smtp-server";

let collector: Awaited<ReturnType<typeof startCollector>>;
let site: BuiltSite;

beforeAll(async () => {
  collector = await startCollector();
  const { SMTP_URL = "" } = process.env;
  const settings = { LOG_LEVEL: "info", SMTP_URL, VERIFY_EMAIL: "off", TRUST_PROXY: "1" };
  site = await startBuiltSite({ ...settings, ...collector.settings });
});

afterAll(async () => {
  site?.stop();
  collector?.stop();
  await smtp.stop();
  await closeMailAndEverything();
});

interface Line {
  level: string;
  time: string;
  pid: number;
  version: string;
  service: string;
  requestId?: string;
  userId?: string;
  msg: string;
}

function lines(): Line[] {
  return site
    .printed()
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line));
}

/** Registers somebody through a proxy that named the request and is part of a trace. */
async function register(requestId: string, headers: Record<string, string> = {}) {
  const person = await createPerson();
  const { accessToken } = await issueAccessToken({ id: person.id });
  const competition = await openCompetition();
  const answer = await fetch(`${site.url}/api/competitions/${competition}/register`, {
    method: "POST",
    headers: { authorization: `Bearer ${accessToken}`, "x-request-id": requestId, ...headers },
  });
  expect(answer.status).toBe(201);
  return person;
}

test("one request id is in the lines of the web, of the worker and of the mail's delivery", async () => {
  const person = await register("operator-greps-1");
  await eventually(() => {
    const told = lines().filter(({ requestId }) => requestId === "operator-greps-1");
    expect(told.map(({ service, msg }) => `${service}: ${msg}`)).toEqual(
      expect.arrayContaining(["web: request", "worker: mail job", "worker: mail sent"]),
    );
    expect(told.find(({ msg }) => msg === "request")?.userId).toBe(person.id);
    for (const line of told) {
      expect(line).toMatchObject({ level: "info", version: expect.stringMatching(/^\d+\.\d+/) });
      expect(new Date(line.time).toISOString()).toBe(line.time);
      expect(line.pid).toBeGreaterThan(0);
    }
  });
});

test("the line of a page names who looks at it", async () => {
  const { id } = await createPerson();
  const [cookie = ""] = (await signIn(new Request(site.url), id)).split(";");
  const headers = { cookie, "x-request-id": "operator-greps-3" };
  await fetch(`${site.url}/my-registrations`, { headers });
  await eventually(() => {
    const told = lines().find(({ requestId }) => requestId === "operator-greps-3");
    expect(told).toMatchObject({ msg: "request", status: 200, userId: id });
  });
});

test("one trace goes from the request to the mail, and holds nothing of the person", async () => {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const person = await register("operator-greps-2", {
    traceparent: `00-${traceId}-b7ad6b7169203331-01`,
  });
  const trace = await eventually(() => {
    const spans = collector.spans.filter((span) => span.traceId === traceId);
    expect(spans.map(({ service, name }) => `${service}: ${name}`).sort()).toEqual([
      `mini-compete-web: ${REQUEST}`,
      "mini-compete-web: commit batch",
      "mini-compete-web: commit registration",
      "mini-compete-web: reserve seat",
      "mini-compete-worker: deliver mail",
      "mini-compete-worker: enqueue mail",
      "mini-compete-worker: send mail by SMTP",
    ]);
    return spans;
  });
  expect(chain(trace, "deliver mail")).toEqual([
    ...["deliver mail", "enqueue mail", "commit registration"],
    REQUEST,
  ]);
  for (const word of [person.email, person.name, "Bearer"]) {
    expect(collector.text()).not.toContain(word);
  }
});

const REQUEST = "POST /api/competitions/:id/register";

/** From a span to the first of its trace. */
function chain(trace: CollectedSpan[], name: string): string[] {
  const span = trace.find((one) => one.name === name);
  if (!span) return [];
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  return [name, ...(parent ? chain(trace, parent.name) : [])];
}
