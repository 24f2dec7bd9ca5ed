import { describe, expect, test } from "vitest";
import { inBatches } from "./batch";

/** Batches whose end the test decides. */
function heldBatches() {
  const batches: { items: number[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const run = (items: number[]) =>
    new Promise<number[]>((resolve, reject) => {
      const results = items.map((item) => item * 10);
      batches.push({ items, finish: () => resolve(results), fail: reject });
    });
  return { batches, run };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe("what is asked for at the same moment", () => {
  function recorder() {
    const runs: string[] = [];
    const ask = inBatches({
      keyOf: (item: string) => item.charAt(0),
      most: 3,
      run: async (items, key) => {
        runs.push(`${key}: ${items.join(" ")}`);
        if (items.includes("x!")) throw new Error("no");
        return items.map((item) => item.toUpperCase());
      },
    });
    return { runs, ask };
  }

  test("goes together, by key, and so many items at a time", async () => {
    const { runs, ask } = recorder();
    const answers = await Promise.all(["a1", "b1", "a2", "a3", "a4", "b2"].map(ask));
    expect(answers).toEqual(["A1", "B1", "A2", "A3", "A4", "B2"]);
    expect(runs).toEqual(["a: a1 a2 a3", "a: a4", "b: b1 b2"]);
  });

  test("goes at once when it is alone, and later items do not wait for it", async () => {
    const { runs, ask } = recorder();
    const first = ask("a1");
    await new Promise((resolve) => setImmediate(resolve));
    expect(runs).toEqual(["a: a1"]);
    const second = ask("a2");
    expect(await Promise.all([first, second])).toEqual(["A1", "A2"]);
    expect(runs).toEqual(["a: a1", "a: a2"]);
  });

  test("fails for the items of the batch, and for no others", async () => {
    const { ask } = recorder();
    const outcomes = await Promise.allSettled(["x!", "x1", "y1"].map(ask));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  });
});

describe("with a limit of batches in flight", () => {
  test("a lone item goes at once, and those of the same turn with it", async () => {
    const { batches, run } = heldBatches();
    const submit = inBatches({ run, most: 64, inFlight: 1 });
    const results = [submit(1), submit(2)];
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 2]]);
    batches[0]?.finish();
    expect(await Promise.all(results)).toEqual([10, 20]);
  });

  test("while one is in flight the others are collected, at most one batch of them", async () => {
    const { batches, run } = heldBatches();
    const submit = inBatches({ run, most: 3, inFlight: 1 });
    const first = submit(1);
    await turn();
    const others = [2, 3, 4, 5].map((item) => submit(item));
    await turn();
    expect(batches).toHaveLength(1);
    batches[0]?.finish();
    await first;
    await turn();
    expect(batches[1]?.items).toEqual([2, 3, 4]);
    batches[1]?.finish();
    await turn();
    expect(batches[2]?.items).toEqual([5]);
    batches[2]?.finish();
    expect(await Promise.all(others)).toEqual([20, 30, 40, 50]);
  });

  test("no more batches run at once than the limit", async () => {
    const { batches, run } = heldBatches();
    const submit = inBatches({ run, most: 1, inFlight: 2 });
    const results = [1, 2, 3].map((item) => submit(item));
    await turn();
    expect(batches).toHaveLength(2);
    batches[0]?.finish();
    await turn();
    expect(batches).toHaveLength(3);
    for (const batch of batches.slice(1)) batch.finish();
    expect(await Promise.all(results)).toEqual([10, 20, 30]);
  });
});

describe("a batch that fails", () => {
  test("because of one item is tried item by item, and only that one fails", async () => {
    const run = async (items: number[]) => {
      if (items.includes(2)) throw new Error("two is refused");
      return items.map((item) => item * 10);
    };
    const submit = inBatches({ run, most: 64, inFlight: 1, blame: () => "one" });
    const results = await Promise.allSettled([submit(1), submit(2), submit(3)]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  test("for everyone fails the waiting items at once as well", async () => {
    const { batches, run } = heldBatches();
    const submit = inBatches({ run, most: 2, inFlight: 1, blame: () => "everyone" });
    const results = Promise.allSettled([1, 2, 3].map((item) => submit(item)));
    await turn();
    batches[0]?.fail(new Error("away"));
    const outcomes = await results;
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(batches).toHaveLength(1);
  });

  test("as a batch is not tried item by item", async () => {
    const { batches, run } = heldBatches();
    const submit = inBatches({ run, most: 2, inFlight: 1, blame: () => "batch" });
    const results = Promise.allSettled([1, 2, 3].map((item) => submit(item)));
    await turn();
    batches[0]?.fail(new Error("in doubt"));
    await turn();
    batches[1]?.finish();
    const outcomes = await results;
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  });
});
