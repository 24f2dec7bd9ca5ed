/** A try of one person for one seat: what register() calls an attempt. */
export interface Attempt {
  person: string;
  registrationId: string;
  seat: number;
  fate: "open" | "committed" | "refused" | "given up" | "cancelled";
}

export type Seats = Map<string, { registrationId: string; seat: number }>;

/**
 * What the scripts promise, with sets: who holds which seat, who has one, what is free. `late`
 * holds have run out of time and are still there.
 */
export class SeatModel {
  free = new Set<number>();
  holds: Seats = new Map();
  late = new Set<string>();
  confirmed: Seats = new Map();

  /** What a request for a seat must be told; the model does not say which free seat it gets. */
  ask({ person, registrationId }: { person: string; registrationId: string }): string {
    const hold = this.holds.get(person);
    if (this.confirmed.has(person)) return "already_registered";
    if (hold?.registrationId === registrationId) return "held";
    if (hold && !this.late.has(person)) return "request_in_progress";
    return hold || this.free.size > 0 || this.late.size > 0 ? "reserved" : "competition_full";
  }

  hold({ person, registrationId, seat }: Attempt): void {
    if (this.free.size === 0 && !this.holds.has(person)) this.expire();
    this.late.delete(person);
    this.free.delete(seat);
    this.holds.set(person, { registrationId, seat });
  }

  /** Late holds become free seats. */
  expire(): void {
    for (const person of this.late) this.end(person, this.free);
  }

  /** @returns whether it shows that Redis no longer mirrors Postgres */
  confirm({ person, registrationId, seat }: Attempt): boolean {
    const hold = this.holds.get(person);
    const confirmed = this.confirmed.get(person);
    if (confirmed) return confirmed.registrationId !== registrationId || confirmed.seat !== seat;
    if (hold?.registrationId !== registrationId || hold.seat !== seat) return true;
    this.end(person, new Set());
    this.confirmed.set(person, { registrationId, seat });
    return false;
  }

  release({ person, registrationId, fate }: Attempt): boolean {
    // A seat that Postgres refused is dropped until the next sync.
    const seats = fate === "refused" ? new Set<number>() : this.free;
    if (this.holds.get(person)?.registrationId === registrationId) this.end(person, seats);
    return fate === "refused";
  }

  cancel({ person, registrationId }: Attempt): boolean {
    const confirmed = this.confirmed.get(person);
    if (confirmed?.registrationId === registrationId) {
      this.confirmed.delete(person);
      this.free.add(confirmed.seat);
    } else if (this.holds.get(person)?.registrationId === registrationId) {
      this.end(person, this.free);
    } else return true;
    return false;
  }

  sync(committed: { seats: Set<number>; confirmed: Seats }): void {
    this.confirmed = new Map(committed.confirmed);
    this.free = new Set(committed.seats);
    for (const { seat } of this.confirmed.values()) this.free.delete(seat);
    for (const [person, { seat }] of this.holds) {
      if (this.confirmed.has(person) || !this.free.delete(seat)) this.end(person, new Set());
    }
  }

  wipe(): void {
    this.free.clear();
    this.holds.clear();
    this.late.clear();
    this.confirmed.clear();
  }

  private end(person: string, seats: Set<number>): void {
    const hold = this.holds.get(person);
    if (hold) seats.add(hold.seat);
    this.holds.delete(person);
    this.late.delete(person);
  }
}
