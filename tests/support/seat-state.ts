import { type Attempt, SeatModel, type Seats } from "./seat-model";

/** What was said to Redis, or will be, or will be again. */
export interface Message {
  kind: "confirm" | "release" | "cancel";
  attempt: Attempt;
}

/** What the model knows: Postgres, Redis, everybody's attempts and the messages between. */
export class State {
  redis = new SeatModel();
  /** Redis knows the competition, and with this capacity. */
  known: number | null = null;
  /** This process knows that Redis is behind, and syncs before the next reservation. */
  owed = false;
  /** Each sync makes a new generation, and a wipe none at all. */
  generation = 0;
  version = 0;
  private generations = 0;
  seats: Set<number>;
  confirmed: Seats = new Map();
  attempts = new Map<string, Attempt[]>();
  messages = new Map<string, Message[]>();
  slowSync: {
    snapshot: ReturnType<State["snapshot"]>;
    stamp: string;
    end: () => Promise<void>;
  } | null = null;

  capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
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
    const { capacity } = this;
    return { capacity, seats: new Set(this.seats), confirmed: new Map(this.confirmed) };
  }

  stamp(): string {
    return `${this.generation}/${this.version}`;
  }

  synced(snapshot = this.snapshot()): void {
    this.redis.sync(snapshot);
    this.known = snapshot.capacity;
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
  verdict({ person, registrationId, seat, fate }: Attempt): string {
    const own = this.confirmed.get(person);
    if (own) return own.registrationId === registrationId ? "committed" : "already_registered";
    const taken = [...this.confirmed.values()].some((other) => other.seat === seat);
    // A repeat of a registration that was cancelled meanwhile must not bring it back.
    if (taken || !this.seats.has(seat) || fate === "cancelled") return "seat_taken";
    return "committed";
  }
}
