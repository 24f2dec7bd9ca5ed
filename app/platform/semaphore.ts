interface Waiting {
  /** Lines take turns, one caller at a time, however long they are. Without names, all share one line. */
  line?: string;
  /** How long the caller waits for its turn, in milliseconds. */
  patienceMs: number;
  /** Fires when nobody waits for the work any more, so that it is not begun. */
  signal?: AbortSignal | undefined;
}

type Answer = "taken" | "refused";

/**
 * Runs at most `most` at a time. A caller is refused when all places and the queue are taken, in
 * its line (`queuePerLine`) or as a whole (`queue`), when it has waited too long, and when it is gone.
 * A queue that is full as a whole still has room for who comes to a shorter line than the longest:
 * the last of that one is refused in its place, so that no few lines keep all others out.
 */
export function semaphore({
  most,
  queue,
  queuePerLine = queue,
}: {
  most: number;
  queue: number;
  queuePerLine?: number;
}) {
  let running = 0;
  let waiting = 0;
  /** In the order of their turns. */
  const lines = new Map<string, Set<(answer: Answer) => void>>();

  return { within, waiting: () => waiting };

  /** Runs the work once a place is free. @returns "refused" if it was not begun */
  async function within<T>(
    work: () => Promise<T>,
    { line = "", patienceMs, signal }: Waiting,
  ): Promise<T | "refused"> {
    if (signal?.aborted) return "refused";
    if (running < most) running++;
    else if (!hasRoom(line) || (await place(line, patienceMs, signal)) === "refused") {
      return "refused";
    }
    try {
      return await work();
    } finally {
      giveUpPlace();
    }
  }

  function hasRoom(line: string): boolean {
    const own = lines.get(line)?.size ?? 0;
    if (own >= queuePerLine) return false;
    if (waiting < queue) return true;
    let longest = new Set<(answer: Answer) => void>();
    for (const callers of lines.values()) if (callers.size > longest.size) longest = callers;
    if (longest.size <= own + 1) return false;
    [...longest].at(-1)?.("refused");
    return true;
  }

  function place(line: string, patienceMs: number, signal?: AbortSignal): Promise<Answer> {
    return new Promise((resolve) => {
      const leave = (answer: Answer) => {
        removeFrom(line, leave);
        clearTimeout(timer);
        signal?.removeEventListener("abort", giveUp);
        resolve(answer);
      };
      const giveUp = () => leave("refused");
      const timer = setTimeout(giveUp, patienceMs);
      signal?.addEventListener("abort", giveUp);
      waiting++;
      const others = lines.get(line);
      if (others) others.add(leave);
      else lines.set(line, new Set([leave]));
    });
  }

  function removeFrom(line: string, leave: (answer: Answer) => void): void {
    waiting--;
    const others = lines.get(line);
    others?.delete(leave);
    if (others?.size === 0) lines.delete(line);
  }

  function giveUpPlace(): void {
    const [turn] = lines;
    if (!turn) return void running--;
    const [line, callers] = turn;
    const [next] = callers;
    // To the end: every other line has its turn before this one's next.
    lines.delete(line);
    lines.set(line, callers);
    next?.("taken");
  }
}
