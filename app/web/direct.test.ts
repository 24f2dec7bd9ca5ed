import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { log } from "~/platform/log";
import { answerDirectly, type DirectAnswerer } from "./direct";
import { SEATS_ROUTE } from "./request";
import { nameRoute } from "./request-metrics";

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
  vi.restoreAllMocks();
});

/** Serves an API that answers so. @returns its address */
async function serve(askApi: DirectAnswerer): Promise<string> {
  const isAnswered = answerDirectly({ askApi }, { headers: { "x-frame-options": "DENY" } });
  server = createServer((req, plain) => {
    const res = Object.assign(plain, { locals: { requestId: "a-request" } });
    if (!isAnswered(req, res)) res.end("for Express");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address?.port}/api/x`;
}

test("an unexpected failure is reported in our own words, with the request's id", async () => {
  const error = vi.spyOn(log, "error").mockImplementation(() => {});
  const url = await serve(async () => {
    throw new Error("a secret");
  });
  const answer = await fetch(url);
  expect(answer.status).toBe(500);
  expect(answer.headers.get("x-frame-options")).toBe("DENY");
  expect(answer.headers.get("x-request-id")).toBe("a-request");
  const told = await answer.text();
  expect(JSON.parse(told)).toMatchObject({ code: "internal", requestId: "a-request" });
  expect(told).not.toContain("secret");
  expect(error).toHaveBeenCalledOnce();
});

test("long answers are compressed for clients that accept that, all others are sent as they are", async () => {
  const url = await serve(async ({ url }) => {
    const headers = { "content-type": "application/json" };
    return { status: 200, headers, body: "x".repeat(url === "/api/x" ? 5_000 : 50) };
  });
  const encoding = async (path: string, options: RequestInit = {}) => {
    const answer = await fetch(path, options);
    expect((await answer.text()).length).toBeOneOf([5_000, 50]);
    return answer.headers.get("content-encoding");
  };
  expect(await encoding(url)).toBe("gzip");
  expect(await encoding(url, { headers: { "accept-encoding": "identity" } })).toBeNull();
  expect(await encoding(url, { method: "POST" })).toBeNull();
  expect(await encoding(`${url}/short`)).toBeNull();
});

test("a page that asks for its seats again and again is in the log only where it is refused", async () => {
  const [info, debug] = [vi.spyOn(log, "info"), vi.spyOn(log, "debug")];
  const statuses = [200, 304, 429];
  const url = await serve(async (_req, res) => {
    nameRoute(res, SEATS_ROUTE);
    return { status: statuses.shift() ?? 500, headers: {}, body: "" };
  });
  for (const status of [200, 304, 429]) expect((await fetch(url)).status).toBe(status);
  const told = (spy: typeof info) =>
    spy.mock.calls.map(([line]) => (line as { status: number }).status);
  await vi.waitFor(() => expect(told(info)).toEqual([429]));
  expect(told(debug)).toEqual([200, 304]);
});
