import { troubleOf } from "./postgres-error";

/**
 * Does some work for each, one after the other. What fails holds up none of the others, whose turn would never come
 * where it fails every time; an outage of Postgres would fail them all.
 *
 * @throws the first failure, when all have had their turn
 */
export async function eachInTurn<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (troubleOf(error) === "away") throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
