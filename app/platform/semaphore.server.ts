/** At most `most` at a time; whoever comes when all places and the queue are taken is refused. */
export function semaphore({ most, queue }: { most: number; queue: number }) {
  let running = 0;
  const waiting: (() => void)[] = [];

  /** Runs the work when a place is free. @returns "refused" when too many wait already */
  return async function within<T>(work: () => Promise<T>): Promise<T | "refused"> {
    if (running >= most) {
      if (waiting.length >= queue) return "refused";
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
