import { afterEach, expect, test, vi } from "vitest";
import { log } from "./log";
import {
  latestRedisFault,
  noteQueueError,
  noteRedisFailure,
  noteRedisSuccess,
  takesRedisWrites,
} from "./redis-outage";

const warn = vi.spyOn(log, "warn").mockImplementation(() => {});
const info = vi.spyOn(log, "info").mockImplementation(() => {});

let clockMs = 0;
vi.spyOn(performance, "now").mockImplementation(() => clockMs);

/** An answer that comes when nothing has failed for a while. */
async function answerLater(write = async (): Promise<unknown> => "OK"): Promise<void> {
  clockMs += 60_000;
  await noteRedisSuccess(write);
}

afterEach(async () => {
  await answerLater();
  vi.clearAllMocks();
});

const refused = () =>
  Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:6379"), { code: "ECONNREFUSED" });

test("a Redis that is away is one line, however often the queues' connections try", async () => {
  for (let attempt = 0; attempt < 50; attempt++) {
    for (const what of ["mail worker", "schedule worker", "mail queue"]) {
      noteQueueError(refused(), what);
      noteQueueError(new Error("Connection is closed."), what);
    }
  }
  expect(warn).toHaveBeenCalledOnce();
  expect(warn).toHaveBeenCalledWith(
    { fault: "redis_away", reason: "Error ECONNREFUSED" },
    "redis connection",
  );
  await answerLater();
  expect(info).toHaveBeenCalledWith({ faults: ["redis_away"] }, "redis serves again");
});

test("another fault of Redis is another line", () => {
  noteQueueError(refused(), "mail queue");
  noteQueueError(
    new Error("OOM command not allowed when used memory > 'maxmemory'."),
    "mail queue",
  );
  noteQueueError(new Error("NOPERM this user has no permissions"), "mail worker");
  expect(warn).toHaveBeenCalledTimes(3);
  expect(latestRedisFault()).toBe("redis_permission_denied");
});

test("what is no outage is a line each time, with the name of whose connection met it", () => {
  for (const job of [1, 2]) noteQueueError(new Error(`Missing lock for job ${job}`), "mail worker");
  expect(warn.mock.calls.map(([, what]) => what)).toEqual(["mail worker", "mail worker"]);
});

const full = new Error("OOM command not allowed when used memory > 'maxmemory'.");

test("a full Redis that answers reads does not serve again before it takes a write", async () => {
  noteRedisFailure(full, "redis command");
  expect(takesRedisWrites()).toBe(false);
  await answerLater(() => Promise.reject(full));
  expect(info).not.toHaveBeenCalled();
  expect(warn).toHaveBeenCalledOnce();
  expect(takesRedisWrites()).toBe(false);
  await answerLater();
  expect(info).toHaveBeenCalledWith({ faults: ["redis_out_of_memory"] }, "redis serves again");
  expect(takesRedisWrites()).toBe(true);
});

test("a Redis that was away need not write to serve again", async () => {
  noteRedisFailure(refused(), "redis connection");
  const write = vi.fn(async () => "OK");
  await answerLater(write);
  expect(write).not.toHaveBeenCalled();
  expect(info).toHaveBeenCalledOnce();
});
