/** A try of one person for one seat, or a place in line: what register() calls an attempt. */
export interface Attempt {
  person: string;
  registrationId: string;
  /** Null for a place in line. */
  seat: number | null;
  /** The number in line. */
  line?: number;
  /** The highest number in line when the seat was given. */
  issued?: number;
  /** The epoch in which Redis decided, and what the model has counted of them by then. */
  epoch?: number | undefined;
  era?: number;
  wantsLine?: boolean;
  fate: "open" | "committed" | "refused" | "given up" | "cancelled";
}

export type Seats = Map<string, { registrationId: string; seat: number }>;
export type Line = Map<string, { registrationId: string; line: number }>;

/** Somebody in line who got a seat. */
export interface Promotion {
  person: string;
  registrationId: string;
  seat: number;
}

/**
 * What the scripts promise, as a model made of sets: who holds which seat, who has one, what is free, who
 * waits. `late` holds and joins have run out and are still there.
 */
export class SeatModel {
  free = new Set<number>();
  /** Free, but for the line alone. */
  owed = new Set<number>();
  holds: Seats = new Map();
  late = new Set<string>();
  confirmed: Seats = new Map();
  /** Everybody in line, with their numbers. */
  queue = new Map<string, number>();
  /** Those of them whose registration is committed, and those whose is not yet. */
  waiting: Line = new Map();
  joins: Line = new Map();
  lateJoins = new Set<string>();
  issued = 0;
  /** The most people in line. */
  limit = 0;

  /** What a request must be told; the model does not say which free seat it gets. */
  ask(asked: Pick<Attempt, "person" | "registrationId" | "wantsLine">): string {
    const { person, registrationId, wantsLine } = asked;
    // While somebody waits, the seats of late holds are theirs.
    if (this.queue.size > 0) this.expire();
    if (this.confirmed.has(person)) return "already_registered";
    if (this.waiting.has(person)) return "already_waiting";
    const hold = this.holds.get(person);
    const join = this.joins.get(person);
    if (hold?.registrationId === registrationId) return "held";
    if (join?.registrationId === registrationId) return "queued";
    if (hold && !this.late.has(person)) return "request_in_progress";
    if (join && !this.lateJoins.has(person)) return "request_in_progress";
    if (hold || (this.queue.size === 0 && this.free.size + this.late.size > 0)) return "reserved";
    if (wantsLine && (join || this.queue.size < this.limit)) return "queued";
    return wantsLine && this.limit > 0 ? "waitlist_full" : "competition_full";
  }

  hold({ person, registrationId, seat }: Attempt): void {
    if (seat === null) return;
    if (this.free.size === 0 && !this.holds.has(person)) this.expire();
    this.late.delete(person);
    this.free.delete(seat);
    this.holds.set(person, { registrationId, seat });
  }

  join({ person, registrationId, line }: Attempt): void {
    if (line === undefined) return;
    this.lateJoins.delete(person);
    this.joins.set(person, { registrationId, line });
    this.queue.set(person, line);
    this.issued = Math.max(this.issued, line);
  }

  /** Late holds become free seats, or the line's. */
  expire(): void {
    for (const person of this.late) this.endHold(person, { isFreed: true });
  }

  /** @returns whether it shows that Redis no longer mirrors Postgres */
  confirm({ person, registrationId, seat, line }: Attempt): boolean {
    const confirmed = this.confirmed.get(person);
    if (seat === null && line !== undefined) {
      if (confirmed) return confirmed.registrationId !== registrationId;
      const waits = this.waiting.get(person);
      if (waits?.registrationId === registrationId && waits.line === line) return false;
      const join = this.joins.get(person);
      if (join?.registrationId !== registrationId || join.line !== line) return true;
      this.endJoin(person);
      this.waiting.set(person, join);
      return false;
    }
    const hold = this.holds.get(person);
    if (confirmed) return confirmed.registrationId !== registrationId || confirmed.seat !== seat;
    if (hold?.registrationId !== registrationId || hold.seat !== seat) return true;
    this.endHold(person);
    this.confirmed.set(person, hold);
    return false;
  }

  release({ person, registrationId, fate }: Attempt): boolean {
    // A seat that Postgres refused is dropped until the next sync.
    const isFreed = fate !== "refused";
    if (this.holds.get(person)?.registrationId === registrationId)
      this.endHold(person, { isFreed });
    // A place stays until a sync drops it.
    if (this.joins.get(person)?.registrationId === registrationId) this.lateJoins.add(person);
    return fate === "refused";
  }

  /** Somebody left, and others have got seats. */
  settle({ person, registrationId }: Attempt, promoted: Promotion[]): boolean {
    let isStale = false;
    const confirmed = this.confirmed.get(person);
    if (confirmed?.registrationId === registrationId) {
      this.confirmed.delete(person);
      this.giveBack(confirmed.seat);
    } else if (this.holds.get(person)?.registrationId === registrationId) {
      this.endHold(person, { isFreed: true });
    } else if (!this.leaveLine(person, registrationId)) isStale = true;
    for (const one of promoted) if (!this.promote(one)) isStale = true;
    this.endLine();
    return isStale;
  }

  promote({ person, registrationId, seat }: Promotion): boolean {
    const confirmed = this.confirmed.get(person);
    if (confirmed) return confirmed.registrationId === registrationId && confirmed.seat === seat;
    if (!this.owed.has(seat) && !this.free.has(seat)) return false;
    if (!this.leaveLine(person, registrationId)) return false;
    this.owed.delete(seat);
    this.free.delete(seat);
    this.confirmed.set(person, { registrationId, seat });
    return true;
  }

  private leaveLine(person: string, registrationId: string): boolean {
    if (this.waiting.get(person)?.registrationId === registrationId) this.waiting.delete(person);
    else if (this.joins.get(person)?.registrationId === registrationId) this.endJoin(person);
    else return false;
    this.queue.delete(person);
    return true;
  }

  /** Nobody waits any more: what was owed is free. */
  endLine(): void {
    if (this.queue.size > 0) return;
    for (const seat of this.owed) this.free.add(seat);
    this.owed.clear();
  }

  sync(committed: Committed): void {
    this.confirmed = new Map(committed.confirmed);
    this.waiting = new Map(committed.waiting);
    this.limit = committed.limit;
    this.issued = Math.max(this.issued, committed.lastInLine, committed.lineBase);
    this.free = new Set(committed.seats);
    this.owed.clear();
    for (const { seat } of this.confirmed.values()) this.free.delete(seat);
    const isSettled = (person: string) => this.confirmed.has(person) || this.waiting.has(person);
    for (const [person, { seat }] of this.holds) {
      if (isSettled(person) || !this.free.delete(seat)) this.endHold(person);
    }
    for (const [person, { line }] of this.joins) {
      if (isSettled(person) || line <= committed.lineBase) this.endJoin(person);
    }
    const inLine = [...this.waiting, ...this.joins];
    this.queue = new Map(inLine.map(([person, { line }]) => [person, line]));
    if (this.queue.size === 0) return;
    this.owed = this.free;
    this.free = new Set();
  }

  wipe(): void {
    for (const all of [this.free, this.owed, this.late, this.lateJoins]) all.clear();
    for (const all of [this.holds, this.confirmed, this.queue, this.waiting, this.joins]) {
      all.clear();
    }
    this.issued = 0;
    this.limit = 0;
  }

  private giveBack(seat: number): void {
    (this.queue.size > 0 ? this.owed : this.free).add(seat);
  }

  private endHold(person: string, { isFreed = false } = {}): void {
    const hold = this.holds.get(person);
    if (hold && isFreed) this.giveBack(hold.seat);
    this.holds.delete(person);
    this.late.delete(person);
  }

  private endJoin(person: string): void {
    this.joins.delete(person);
    this.lateJoins.delete(person);
  }
}

/** What Postgres has of a competition. */
export interface Committed {
  seats: Set<number>;
  confirmed: Seats;
  waiting: Line;
  limit: number;
  lastInLine: number;
  lineBase: number;
}
