import { seededRandom } from "~/platform/seeded-random";

/** Seeded luck. What two runs of one seed decide is the same; how it interleaves is not. */
export interface Dice {
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  between(from: number, to: number): number;
  pick<T>(list: readonly T[]): T;
  /** Luck of its own, so that one part's throws do not shift another's. */
  fork(): Dice;
}

/** Makes dice from a seed. */
export function diceFrom(seed: number): Dice {
  const next = seededRandom(seed);
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    chance: (probability) => next() < probability,
    between,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error("nothing to pick from");
      return list[between(0, list.length - 1)] as T;
    },
    fork: () => diceFrom(Math.floor(next() * 2 ** 32)),
  };
}
