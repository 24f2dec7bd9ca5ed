import { describe, expect, test } from "vitest";
import { groupCommit } from "./group-commit";

/** Commits whose end the test decides. */
function heldCommits() {
  const batches: { items: number[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const commit = (items: number[]) =>
    new Promise<number[]>((resolve, reject) => {
      const results = items.map((item) => item * 10);
      batches.push({ items, finish: () => resolve(results), fail: reject });
    });
  return { batches, commit };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe("group commit", () => {
  test("a lone item is committed at once, and those of the same turn with it", async () => {
    const { batches, commit } = heldCommits();
    const submit = groupCommit({ commit, most: 64, inFlight: 1 });
    const results = [submit(1), submit(2)];
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 2]]);
    batches[0]?.finish();
    expect(await Promise.all(results)).toEqual([10, 20]);
  });

  test("while one is in flight the others gather, no more than the most in a batch", async () => {
    const { batches, commit } = heldCommits();
    const submit = groupCommit({ commit, most: 3, inFlight: 1 });
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

  test("when a batch fails its members are tried one by one, and only the guilty one pays", async () => {
    const commit = async (items: number[]) => {
      if (items.includes(2)) throw new Error("two is refused");
      return items.map((item) => item * 10);
    };
    const submit = groupCommit({ commit, most: 64, inFlight: 1 });
    const results = await Promise.allSettled([submit(1), submit(2), submit(3)]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  test("what concerns everyone is told at once to those who wait as well", async () => {
    const { batches, commit } = heldCommits();
    const concerns = () => "everyone" as const;
    const submit = groupCommit({ commit, most: 2, inFlight: 1, concerns });
    const results = Promise.allSettled([1, 2, 3].map((item) => submit(item)));
    await turn();
    batches[0]?.fail(new Error("away"));
    const outcomes = await results;
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(batches).toHaveLength(1);
  });

  test("a failure that leaves a batch in doubt is not followed by tries of its members", async () => {
    const { batches, commit } = heldCommits();
    const concerns = () => "batch" as const;
    const submit = groupCommit({ commit, most: 2, inFlight: 1, concerns });
    const results = Promise.allSettled([1, 2, 3].map((item) => submit(item)));
    await turn();
    batches[0]?.fail(new Error("in doubt"));
    await turn();
    batches[1]?.finish();
    const outcomes = await results;
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  });
});
