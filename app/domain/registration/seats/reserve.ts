import type { Cluster, Redis } from "ioredis";
import { inBatches } from "~/platform/batch";
import { env } from "~/platform/env";
import { runScript, words } from "~/platform/lua";
import { OwnError } from "~/platform/own-error";
import { tryRedis } from "~/platform/redis";
import { traced } from "~/platform/trace";
import { seeToLineLater } from "../line/see-to";
import type { HeldPlace, HeldSeat, Idempotency, NotOpenYet, Plain } from "../outcome";
import { readEarly, unlessEarly } from "./early";
import { answerKey, loadScript, seatKeys } from "./redis";
import { isSyncOwed, syncSeatsOnce } from "./sync";

/** "Full" is remembered under a key for a minute, milliseconds. */
const FULL_REMEMBERED_MS = 60_000;
/** Decisions in one call of the script: enough to share its cost, too few to hold Redis up. */
const DECIDED_AT_ONCE = 64;
/** Syncs of a competition that Redis does not know, before Postgres decides alone. */
const MOST_SYNCS = 2;

export interface SeatRequest {
  competitionId: string;
  userId: string;
  /** Made by the caller; the fencing token of everything that follows. */
  registrationId: string;
  idempotency?: Idempotency;
  /** Postgres was asked about the key, and has no answer under it. */
  keyIsNew?: boolean;
  /** Where no seat is left, a place in line will do. */
  wantsLine?: boolean;
}

export type Reservation =
  | ({ status: "reserved" | "held" } & HeldSeat)
  /** A place in line, to be committed as a seat is. */
  | ({ status: "queued" } & HeldPlace)
  | Plain<"already_registered" | "already_waiting">
  /** Ask Postgres for the answer under the key, then come back with `keyIsNew`. */
  | { status: "look_up" }
  | Plain<"idempotency_key_reused" | "request_in_progress">
  | Plain<"deadline_passed" | "competition_full" | "waitlist_full">
  | Plain<"competition_cancelled" | "not_found">
  | NotOpenYet
  /** Redis cannot decide right now: the path through Postgres alone does. */
  | { status: "unavailable" };

/**
 * Decides who gets a seat, in one atomic step of Redis. A seat that is granted is held for
 * `HOLD_SECONDS` of Redis' clock: commit it, then confirm it, or release it.
 *
 * A competition that Redis does not know is synced from Postgres first, at most twice.
 */
export const reserveSeat = traced({ name: "reserve seat" }, unlessEarly(decideSeat));

async function decideSeat(request: SeatRequest): Promise<Reservation> {
  if (isSyncOwed(request.competitionId)) {
    const { status } = await syncSeatsOnce(request.competitionId);
    if (status === "unavailable") return { status };
  }
  for (let syncs = 0; ; syncs++) {
    const reply = await askRedis(request);
    if (!reply) return { status: "unavailable" };
    if (reply[0] !== "unknown") return toReservation(reply);
    if (syncs === MOST_SYNCS) return { status: "unavailable" };
    const { status } = await syncSeatsOnce(request.competitionId);
    if (status === "unavailable") return { status };
  }
}

/** Requests of the same moment share a call: in a rush, the round trip is most of a decision's cost. */
const askRedis = inBatches<SeatRequest, string[] | null>({
  keyOf: ({ competitionId }) => competitionId,
  most: DECIDED_AT_ONCE,
  async run(requests, competitionId) {
    const replies = await tryRedis((client) => decide(client, competitionId, requests));
    if (replies && replies.length > requests.length) seeToLineLater(competitionId);
    return requests.map((_, index) => (replies ? words(replies[index]) : null));
  },
});

const reserveScript = loadScript("reserve_seats.lua");

async function decide(
  client: Redis | Cluster,
  competitionId: string,
  requests: SeatRequest[],
): Promise<unknown[]> {
  const { meta, version: _, ...others } = seatKeys(competitionId);
  const keys = [meta, ...Object.values(others)];
  const args: (string | number)[] = [env().HOLD_SECONDS * 1_000, FULL_REMEMBERED_MS];
  for (const { userId, registrationId, idempotency, keyIsNew, wantsLine } of requests) {
    args.push(userId, registrationId);
    if (idempotency) {
      keys.push(answerKey({ competitionId, userId, key: idempotency.key }));
      args.push("1", idempotency.fingerprint, keyIsNew ? "1" : "0");
    } else {
      keys.push(meta);
      args.push("0", "", "0");
    }
    args.push(wantsLine ? "1" : "0");
  }
  const replies = await runScript(client, reserveScript, { keys, args });
  if (!Array.isArray(replies)) throw new OwnError("reserve_seats.lua answered no list");
  return replies;
}

function toReservation([word, ...rest]: string[]): Reservation {
  switch (word) {
    case "reserved":
    case "held":
    case "queued": {
      const [number = 0, at = 0, epoch, last = 0] = rest.slice(1).map(Number);
      const decided = { reservedAt: new Date(at), epoch };
      return word === "queued"
        ? { status: word, seatNo: null, lineNo: number, placeAtJoin: last, ...decided }
        : { status: word, seatNo: number, issued: last, ...decided };
    }
    case "not_open_yet":
      return readEarly(rest);
    case "already_registered":
    case "already_waiting":
    case "look_up":
    case "idempotency_key_reused":
    case "request_in_progress":
    case "deadline_passed":
    case "competition_cancelled":
    case "competition_full":
    case "waitlist_full":
    case "not_found":
      return { status: word };
    default:
      throw new OwnError(`reserve_seats.lua answered ${word}`);
  }
}
