import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { deliverClaimed } from "./deliver-claimed";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const order = (id: string) => ({
  ...{ id, kind: "registration.confirmed", generation: 1, request_id: null, trace_parent: null },
});

test("a slow delivery is left behind after eight seconds, and the others are not waited for", async () => {
  let isOver = false;
  const deliver = ({ id }: { id: string }) =>
    id === "slow" ? new Promise(() => {}) : Promise.resolve();
  const delivering = deliverClaimed([order("slow"), order("quick")], deliver).then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(7_999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await delivering;
  await deliverClaimed([order("quick")], deliver);
});
