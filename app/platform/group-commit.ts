interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers what many callers want committed into few commits. A lone item goes at once; while a
 * commit is in flight the next ones gather, up to `most` of them.
 *
 * When a batch fails because of one of its members they are tried each by itself, so that nobody
 * pays for a neighbour. `commit` must therefore be repeatable.
 *
 * @param commit resolves to one result an item, in the same order
 * @param concerns whom a failure concerns: nobody should wait in turn for what is away
 */
export function groupCommit<Item, Result>({
  commit,
  most,
  inFlight,
  concerns = () => "one",
}: {
  commit: (items: Item[]) => Promise<Result[]>;
  most: number;
  inFlight: number;
  concerns?: (error: unknown) => "one" | "batch" | "everyone";
}): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let running = 0;

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      startNext();
    });

  function startNext(): void {
    if (running >= inFlight || waiting.length === 0) return;
    running++;
    // Those who arrive in the same turn of the event loop belong in the first batch too.
    setImmediate(() => {
      const batch = waiting.splice(0, most);
      commitBatch(batch).finally(() => {
        running--;
        startNext();
      });
    });
  }

  async function commitBatch(batch: Waiting<Item, Result>[]): Promise<void> {
    if (batch.length === 0) return;
    try {
      const results = await commit(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      const concerned = concerns(error);
      if (concerned === "one" && batch.length > 1) {
        await Promise.all(batch.map((one) => commitBatch([one])));
        return;
      }
      const rejected = concerned === "everyone" ? [...batch, ...waiting.splice(0)] : batch;
      for (const { reject } of rejected) reject(error);
    }
  }
}
