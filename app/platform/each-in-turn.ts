import { troubleOf } from "./postgres-error";

/**
 * Does some work for each item, one after the other. One that fails does not hold up the others: if it
 * failed every time, they would never have their turn. An outage of Postgres, which would fail them all,
 * ends it.
 *
 * @throws the first failure, once all have had their turn
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
