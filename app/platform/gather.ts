interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Asks once for all that is wanted at the same moment: what came in within one turn of the event
 * loop under the same key goes together, at most `most` at a time. Nobody waits for more to come.
 *
 * @param options.ask resolves to one result an item, in the same order
 */
export function gather<Item, Result>({
  keyOf,
  ask,
  most,
}: {
  keyOf: (item: Item) => string;
  ask: (key: string, items: Item[]) => Promise<Result[]>;
  most: number;
}): (item: Item) => Promise<Result> {
  const waiting = new Map<string, Waiting<Item, Result>[]>();

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.size === 0) setImmediate(askForAll);
      const key = keyOf(item);
      const group = waiting.get(key);
      if (group) group.push({ item, resolve, reject });
      else waiting.set(key, [{ item, resolve, reject }]);
    });

  function askForAll(): void {
    const groups = [...waiting];
    waiting.clear();
    for (const [key, group] of groups) {
      for (let from = 0; from < group.length; from += most) {
        askFor(key, group.slice(from, from + most));
      }
    }
  }

  function askFor(key: string, group: Waiting<Item, Result>[]): void {
    ask(
      key,
      group.map(({ item }) => item),
    ).then(
      (results) => {
        for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
      },
      (error) => {
        for (const { reject } of group) reject(error);
      },
    );
  }
}
