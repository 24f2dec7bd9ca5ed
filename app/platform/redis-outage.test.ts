import { afterEach, expect, test, vi } from "vitest";
import { log } from "./log";
import { latestRedisFault, noteQueueError, noteRedisSuccess } from "./redis-outage";

const warn = vi.spyOn(log, "warn").mockImplementation(() => {});
const info = vi.spyOn(log, "info").mockImplementation(() => {});

afterEach(() => {
  const later = performance.now() + 60_000;
  vi.spyOn(performance, "now").mockReturnValueOnce(later);
  noteRedisSuccess();
  vi.clearAllMocks();
});

const refused = () =>
  Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:6379"), { code: "ECONNREFUSED" });

test("a Redis that is away is one line, however often the queues' connections try", () => {
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
  vi.spyOn(performance, "now").mockReturnValueOnce(performance.now() + 60_000);
  noteRedisSuccess();
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
