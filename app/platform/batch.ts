interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Items of one key: those that wait, and how many batches are running. */
interface Line<Item, Result> {
  waiting: Waiting<Item, Result>[];
  running: number;
  isScheduled: boolean;
}

/**
 * Handles calls that arrive at the same moment in one batch. Items of one key that arrive within one turn
 * of the event loop start at once, at most `most` in a batch; none waits for more to arrive. With
 * `inFlight`, further items are collected while that many batches are running.
 *
 * @param run resolves to one result for each item, in the same order
 * @param blame what fails when a batch fails. `batch` (the default): its items. `one`: only one of them, so
 *   each is tried by itself; `run` must then be repeatable. `everyone`: waiting items, too, since they
 *   would only wait for the same outage.
 */
export function inBatches<Item, Result>({
  run,
  most,
  keyOf = () => "",
  inFlight = Number.POSITIVE_INFINITY,
  blame = () => "batch",
}: {
  run: (items: Item[], key: string) => Promise<Result[]>;
  most: number;
  keyOf?: (item: Item) => string;
  inFlight?: number;
  blame?: (error: unknown) => "one" | "batch" | "everyone";
}): (item: Item) => Promise<Result> {
  const lines = new Map<string, Line<Item, Result>>();

  return (item) =>
    new Promise((resolve, reject) => {
      const key = keyOf(item);
      let line = lines.get(key);
      if (!line) {
        line = { waiting: [], running: 0, isScheduled: false };
        lines.set(key, line);
      }
      line.waiting.push({ item, resolve, reject });
      schedule(key, line);
    });

  function schedule(key: string, line: Line<Item, Result>): void {
    if (line.isScheduled || line.running >= inFlight || line.waiting.length === 0) return;
    line.isScheduled = true;
    // Items that arrive in the same turn of the event loop belong in the first batch, too.
    setImmediate(start, key, line);
  }

  function start(key: string, line: Line<Item, Result>): void {
    line.isScheduled = false;
    while (line.running < inFlight && line.waiting.length > 0) {
      line.running++;
      void settle(key, line, line.waiting.splice(0, most)).then(() => {
        line.running--;
        if (line.running === 0 && line.waiting.length === 0) lines.delete(key);
        else schedule(key, line);
      });
    }
  }

  /** Runs a batch and tells its callers; never rejects. */
  async function settle(
    key: string,
    line: Line<Item, Result>,
    batch: Waiting<Item, Result>[],
  ): Promise<void> {
    try {
      const results = await run(
        batch.map(({ item }) => item),
        key,
      );
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (error) {
      const concerned = blame(error);
      if (concerned === "one" && batch.length > 1) {
        await Promise.all(batch.map((one) => settle(key, line, [one])));
        return;
      }
      const rejected = concerned === "everyone" ? [...batch, ...line.waiting.splice(0)] : batch;
      for (const { reject } of rejected) reject(error);
    }
  }
}
