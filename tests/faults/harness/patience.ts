/**
 * How long something may take that the harness waits for. The limit alone would measure the machine:
 * where other work has the processors, one try may take longer than all of it. So it counts once enough
 * was tried, and a second limit counts in any case.
 */
export class Patience {
  readonly #bornAt = performance.now();
  #startedAt = this.#bornAt;
  readonly #limitMs: number;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** @param tries how often it was tried; many tries of one person, or one of many people */
  isOver(tries: number): boolean {
    const limitMs = tries < LEAST_TRIES ? this.#limitMs * MOST_TIMES : this.#limitMs;
    return performance.now() > this.#startedAt + limitMs;
  }

  /** Starts again: something was reached. */
  renew(): void {
    this.#startedAt = performance.now();
  }

  /** Leaves out time in which it could not be tried, in milliseconds. */
  leaveOut(ms: number): void {
    this.#startedAt += ms;
  }

  /** How long it has taken so far in all, milliseconds. */
  get tookMs(): number {
    return performance.now() - this.#bornAt;
  }
}

const LEAST_TRIES = 10;
/** So many times the limit are enough for any machine. */
const MOST_TIMES = 4;
