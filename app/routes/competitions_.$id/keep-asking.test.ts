import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepAsking } from "./keep-asking";

/** What each question is answered with, in turn; the last of them from then on. */
let answers: (() => Response)[];
let askedAt: number[];
let page: { hidden: boolean };

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  askedAt = [];
  page = { hidden: false };
  vi.stubGlobal("document", page);
  vi.stubGlobal("fetch", async () => {
    askedAt.push(Date.now() / 1_000);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer?.();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const telling = (body: object) => () => Response.json(body);
const down = () => new Response(null, { status: 503 });

test("the server says how soon to ask again, within a second and a minute", async () => {
  answers = [{ nextMs: 20_000 }, { nextMs: 1 }, { nextMs: 900_000 }, {}].map(telling);
  const heard: object[] = [];
  keepAsking("/seats", (answer: { nextMs?: number }) => heard.push(answer));
  await vi.advanceTimersByTimeAsync(95_000);
  expect(askedAt).toEqual([5, 25, 26, 86, 91]);
  expect(heard.slice(0, 2)).toEqual([{ nextMs: 20_000 }, { nextMs: 1 }]);
});

test("a server that does not answer is asked less and less often, until it does", async () => {
  const unreachable = () => {
    throw new TypeError("no network");
  };
  answers = [down, unreachable, down, () => new Response("no JSON"), telling({})];
  const heard: object[] = [];
  keepAsking("/seats", (answer: object) => heard.push(answer));
  await vi.advanceTimersByTimeAsync(200_000);
  expect(askedAt.slice(0, 7)).toEqual([5, 15, 35, 75, 135, 140, 145]);
  expect(heard[0]).toEqual({});
});

test("a page that nobody looks at, or that was left, does not ask", async () => {
  answers = [telling({})];
  const stop = keepAsking("/seats", () => {});
  page.hidden = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(askedAt).toEqual([]);
  page.hidden = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(askedAt).toHaveLength(1);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(askedAt).toHaveLength(1);
});

test("a page that is led to the login stops asking", async () => {
  const redirected = () =>
    Object.defineProperty(new Response("<html>"), "redirected", { value: true });
  answers = [redirected];
  keepAsking("/place", () => expect.unreachable());
  await vi.advanceTimersByTimeAsync(120_000);
  expect(askedAt).toEqual([5]);
});
