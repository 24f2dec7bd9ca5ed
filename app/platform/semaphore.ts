/**
 * Runs at most `most` at a time. A caller is refused when all places and the queue are taken, or
 * after it has waited `patienceMs` milliseconds.
 */
export function semaphore({
  most,
  queue,
  patienceMs,
}: {
  most: number;
  queue: number;
  patienceMs: number;
}) {
  let running = 0;
  const waiting = new Set<(place: "taken" | "refused") => void>();

  /** Runs the work when a place is free. @returns "refused" when that takes too long */
  return async function within<T>(work: () => Promise<T>): Promise<T | "refused"> {
    if (running < most) running++;
    else if (waiting.size >= queue || (await place()) === "refused") return "refused";
    try {
      return await work();
    } finally {
      const [next] = waiting;
      if (next) next("taken");
      else running--;
    }
  };

  function place(): Promise<"taken" | "refused"> {
    return new Promise((resolve) => {
      const leave = (answer: "taken" | "refused") => {
        waiting.delete(leave);
        clearTimeout(timer);
        resolve(answer);
      };
      const timer = setTimeout(leave, patienceMs, "refused");
      waiting.add(leave);
    });
  }
}
