import { expect, test } from "vitest";
import { eventually } from "../tests/support/eventually";
import { every } from "./every";

test("passes never overlap, and there is always a next one", async () => {
  let running = 0;
  let most = 0;
  let passes = 0;
  const loop = every({ name: "test", ms: 1 }, async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    passes++;
    return undefined;
  });
  await eventually(() => expect(passes).toBeGreaterThan(3));
  await loop.stop();
  expect(most).toBe(1);
});

test("work that fails is tried again", async () => {
  let passes = 0;
  const loop = every({ name: "test", ms: 1 }, () => {
    passes++;
    throw new Error("away");
  });
  await eventually(() => expect(passes).toBeGreaterThan(2));
  await loop.stop();
});

test("work that has more to do does not wait", async () => {
  let left = 3;
  const loop = every({ name: "test", ms: 3_600_000 }, async () =>
    left-- > 0 ? "again" : undefined,
  );
  await eventually(() => expect(left).toBe(-1));
  await loop.stop();
});

test("stopping waits for the pass under way and starts no other", async () => {
  let finish = () => {};
  let passes = 0;
  const loop = every({ name: "test", ms: 0 }, async () => {
    passes++;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return "again";
  });
  await eventually(() => expect(passes).toBe(1));
  let stopped = false;
  const stopping = loop.stop().then(() => {
    stopped = true;
  });
  await Promise.resolve();
  expect(stopped).toBe(false);
  finish();
  await stopping;
  expect(passes).toBe(1);
});
