import type { Cluster, Redis } from "ioredis";
import { env } from "~/platform/env";
import { gather } from "~/platform/gather";
import { tryRedis } from "~/platform/redis";
import { idempotencyRecordKey, seatKeys } from "./keys";
import { reserveScript, runScript, words } from "./scripts";
import { isSyncOwed, syncSeatsOnce } from "./sync";

/** "Full" is remembered under a key for a minute, milliseconds. */
const FULL_REMEMBERED_MS = 60_000;
/** Decisions a call of the script: enough to share its cost, too few to hold Redis up. */
const DECIDED_AT_ONCE = 64;

/** An idempotency key and the fingerprint of the request that came with it. */
export interface Idempotency {
  key: string;
  fingerprint: string;
}

export interface SeatRequest {
  competitionId: string;
  userId: string;
  /** Made by the caller, and the fencing token of all that follows. */
  registrationId: string;
  idempotency?: Idempotency;
  /** Postgres was asked about the key, and has no answer under it. */
  keyIsNew?: boolean;
}

export type Reservation =
  | { status: "reserved" | "held"; seatNo: number; reservedAt: Date; epoch: number }
  | { status: "replayed"; answer: string }
  | { status: "already_registered"; closed: boolean }
  /** Ask Postgres for the answer under the key, then come back with `keyIsNew`. */
  | { status: "look_up" }
  | { status: "mismatch" | "in_progress" | "closed" | "full" | "gone" }
  /** Redis is of no use right now: the path through Postgres alone decides. */
  | { status: "unavailable" };

/**
 * Decides who gets a seat, in one atomic step of Redis. A seat that is granted is held for
 * `HOLD_SECONDS` of Redis' clock: commit it, then confirm, or release it.
 *
 * A competition that Redis does not know is hydrated from Postgres first, at most twice.
 */
export async function reserveSeat(request: SeatRequest): Promise<Reservation> {
  if (isSyncOwed(request.competitionId)) await syncSeatsOnce(request.competitionId);
  for (let hydrations = 0; hydrations <= 2; hydrations++) {
    const reply = await askRedis(request);
    if (!reply) return { status: "unavailable" };
    if (reply[0] !== "cold") return toReservation(reply);
    const { status } = await syncSeatsOnce(request.competitionId);
    if (status === "unavailable") return { status: "unavailable" };
  }
  return { status: "unavailable" };
}

/** In a rush most of what a decision costs is the way to Redis: those of one moment share it. */
const askRedis = gather<SeatRequest, string[] | null>({
  keyOf: ({ competitionId }) => competitionId,
  most: DECIDED_AT_ONCE,
  async ask(competitionId, requests) {
    const replies = await tryRedis((client) => decide(client, competitionId, requests));
    return requests.map((_, index) => (replies ? words(replies[index]) : null));
  },
});

async function decide(
  client: Redis | Cluster,
  competitionId: string,
  requests: SeatRequest[],
): Promise<unknown[]> {
  const { meta, free, holds, attempts, confirmed, cancelled } = seatKeys(competitionId);
  const keys = [meta, free, holds, attempts, confirmed, cancelled];
  const args: (string | number)[] = [env().HOLD_SECONDS * 1_000, FULL_REMEMBERED_MS];
  for (const { userId, registrationId, idempotency, keyIsNew } of requests) {
    args.push(userId, registrationId);
    if (idempotency) {
      keys.push(idempotencyRecordKey({ competitionId, userId, key: idempotency.key }));
      args.push("1", idempotency.fingerprint, keyIsNew ? "1" : "0");
    } else {
      keys.push(meta);
      args.push("0", "", "0");
    }
  }
  const replies = await runScript(client, reserveScript, { keys, args });
  if (!Array.isArray(replies)) throw new Error("reserve_seats.lua answered no list");
  return replies;
}

function toReservation(reply: string[]): Reservation {
  const [word, ...rest] = reply;
  switch (word) {
    case "reserved":
    case "held":
      return {
        status: word,
        seatNo: Number(rest[1]),
        reservedAt: new Date(Number(rest[2])),
        epoch: Number(rest[3]),
      };
    case "replayed":
      return { status: "replayed", answer: rest[0] ?? "" };
    case "already_registered":
      return { status: "already_registered", closed: rest[0] === "1" };
    case "look_up":
    case "mismatch":
    case "in_progress":
    case "closed":
    case "full":
    case "gone":
      return { status: word };
    default:
      throw new Error(`reserve_seats.lua answered ${word}`);
  }
}
