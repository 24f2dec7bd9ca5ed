import { expect, test } from "vitest";
import { gather } from "./gather";

function recorder() {
  const asked: string[] = [];
  const ask = gather({
    keyOf: (item: string) => item.charAt(0),
    most: 3,
    ask: async (key, items) => {
      asked.push(`${key}: ${items.join(" ")}`);
      if (items.includes("x!")) throw new Error("no");
      return items.map((item) => item.toUpperCase());
    },
  });
  return { asked, ask };
}

test("what is wanted at the same moment is asked together, by key and so many at a time", async () => {
  const { asked, ask } = recorder();
  const answers = await Promise.all(["a1", "b1", "a2", "a3", "a4", "b2"].map(ask));
  expect(answers).toEqual(["A1", "B1", "A2", "A3", "A4", "B2"]);
  expect(asked).toEqual(["a: a1 a2 a3", "a: a4", "b: b1 b2"]);
});

test("a lone one is asked at once, and who comes later does not wait for it", async () => {
  const { asked, ask } = recorder();
  const first = ask("a1");
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual(["a: a1"]);
  const second = ask("a2");
  expect(await Promise.all([first, second])).toEqual(["A1", "A2"]);
  expect(asked).toEqual(["a: a1", "a: a2"]);
});

test("a failure is everybody's who was asked for together, and nobody else's", async () => {
  const { ask } = recorder();
  const outcomes = await Promise.allSettled(["x!", "x1", "y1"].map(ask));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
});
