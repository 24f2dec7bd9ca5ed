import { type Attempt, type Line, type Promotion, SeatModel, type Seats } from "./seat-model";

/** A message to Redis that was sent, will be sent, or will be sent again. */
export interface Message {
  kind: "confirm" | "release" | "cancel";
  attempt: Attempt;
  /** Those who got what somebody gave up. */
  promoted?: Promotion[];
}

/** What the model knows: Postgres, Redis, everybody's attempts and the messages between. */
export class State {
  redis = new SeatModel();
  /** Redis knows the competition, and with this capacity. */
  known: number | null = null;
  /** How often it was synced after it had forgotten everything: no hold of before can be committed. */
  era = 0;
  /** This process knows that Redis is behind, and syncs before the next reservation. */
  get owed(): boolean {
    return this.owing > 0;
  }
  set owed(isOwed: boolean) {
    this.owing = isOwed ? ++this.timesOwed : 0;
  }
  /** Which time that was; 0 where nothing is owed. */
  owing = 0;
  private timesOwed = 0;
  /** Each sync makes a new generation, and a wipe none at all. */
  generation = 0;
  version = 0;
  private generations = 0;
  seats: Set<number>;
  confirmed: Seats = new Map();
  waiting: Line = new Map();
  /** Every number in line that was ever committed. */
  numbers = new Set<number>();
  lineBase = 0;
  attempts = new Map<string, Attempt[]>();
  messages = new Map<string, Message[]>();
  slowSync: {
    snapshot: ReturnType<State["snapshot"]>;
    stamp: string;
    /** What was owed when it began: it pays that, and nothing since. */
    owing: number;
    end: () => Promise<void>;
  } | null = null;

  capacity: number;
  /** The most people in line. */
  readonly limit: number;

  constructor(capacity: number, limit: number) {
    this.capacity = capacity;
    this.limit = limit;
    this.seats = new Set(Array.from({ length: capacity }, (_, index) => index + 1));
  }

  newest(person: string): Attempt | undefined {
    return this.attempts.get(person)?.at(-1);
  }

  post(message: Message): void {
    const { person } = message.attempt;
    const posted = this.messages.get(person) ?? [];
    this.messages.set(person, [...posted, { ...message, attempt: { ...message.attempt } }]);
  }

  snapshot() {
    const { capacity, limit, lineBase } = this;
    return {
      ...{ capacity, limit, lineBase, lastInLine: this.lastInLine() },
      seats: new Set(this.seats),
      confirmed: new Map(this.confirmed),
      waiting: new Map(this.waiting),
    };
  }

  lastInLine(): number {
    return Math.max(0, ...this.numbers);
  }

  stamp(): string {
    return `${this.generation}/${this.version}`;
  }

  /** @param snapshot read by then; else the sync reads it now, and first makes late joins void */
  synced(snapshot?: ReturnType<State["snapshot"]>): void {
    if (!snapshot) {
      const late = [...this.redis.lateJoins].map((person) => this.redis.queue.get(person) ?? 0);
      this.lineBase = Math.max(this.lineBase, ...late);
    }
    if (this.known === null) this.era++;
    const seen = snapshot ?? this.snapshot();
    this.redis.sync(seen);
    this.known = seen.capacity;
    this.generation = ++this.generations;
    this.version++;
  }

  wipe(): void {
    this.redis.wipe();
    this.known = null;
    this.generation = 0;
    this.version = 0;
  }

  /** How Postgres must answer this registration. */
  verdict(attempt: Attempt): string {
    const { person, registrationId, seat, line = 0, issued = 0, fate, era = this.era } = attempt;
    const own = this.confirmed.get(person);
    if (own) return own.registrationId === registrationId ? "committed" : "already_registered";
    const place = this.waiting.get(person);
    if (place) {
      const isSame = place.registrationId === registrationId && seat === null;
      return isSame ? "committed" : "already_waiting";
    }
    // A repeat of a registration that was cancelled meanwhile must not bring it back.
    if (fate === "cancelled" || era !== this.era) return "seat_taken";
    if (seat === null) {
      return line > this.lineBase && !this.numbers.has(line) ? "committed" : "seat_taken";
    }
    const taken = [...this.confirmed.values()].some((other) => other.seat === seat);
    const overtakes = [...this.waiting.values()].some((other) => other.line <= issued);
    return taken || overtakes || !this.seats.has(seat) ? "seat_taken" : "committed";
  }

  /** Gives free seats among these to the first in line, as Postgres does. */
  promote(seats: number[]): Promotion[] {
    const taken = new Set([...this.confirmed.values()].map(({ seat }) => seat));
    const free = seats.filter((seat) => this.seats.has(seat) && !taken.has(seat));
    const line = [...this.waiting].sort(([, one], [, other]) => one.line - other.line);
    return free
      .sort((one, other) => one - other)
      .flatMap((seat, index) => {
        const [person, place] = line[index] ?? [];
        if (!person || !place) return [];
        const { registrationId } = place;
        this.waiting.delete(person);
        this.confirmed.set(person, { registrationId, seat });
        return [{ person, registrationId, seat }];
      });
  }
}
