import type { EntityManager } from "@mikro-orm/postgresql";
import { IS_EARLY_SQL, IS_PUBLIC_SQL } from "../competitions/conditions.sql";
import { ANSWER_SQL, type AnswerRow, putTogether } from "./editions";
import type { HeldRegistration, NotOpenYet, Plain, RegistrationBody } from "./outcome";

/** Why Postgres did not write a registration. */
export type Rejection =
  | { status: "replayed"; body: RegistrationBody }
  /** An earlier, unanswered commit of this very registration went through, perhaps with a key. */
  | { status: "landed"; seatNo: number | null; registeredAt: Date; stored: RegistrationBody | null }
  /** Somebody else has the seat, or waits for one; or the hold or number is of an earlier epoch. */
  | { status: "seat_taken" }
  | NotOpenYet
  | Plain<"idempotency_key_reused" | "deadline_passed" | "not_found" | "competition_cancelled">
  | Plain<"already_registered" | "already_waiting">;

type Found = (AnswerRow | { body: null }) & {
  id: string;
  deleted: boolean;
  cancelled: boolean;
  closed: boolean;
  /** When it opens, and in how many milliseconds, where that is too early. */
  opens_at: Date | string | null;
  opens_in: number | null;
  key_fingerprint: string | null;
  registered_id: string | null;
  seat_no: number | null;
  registered_at: Date | string | null;
};

/**
 * Finds out why Postgres did not write these. Of several reasons, the user's own earlier answer comes
 * first, then what a person should be told first.
 */
export async function diagnose(
  em: EntityManager,
  rejected: HeldRegistration[],
): Promise<Map<string, Rejection>> {
  if (rejected.length === 0) return new Map();
  const rows = rejected.map((one) => ({
    id: one.registrationId,
    user_id: one.user.id,
    competition_id: one.competitionId,
    key: one.idempotency?.key ?? null,
    epoch: one.epoch ?? null,
  }));
  const found = await em.execute<Found[]>(DIAGNOSE, [JSON.stringify(rows)]);
  const byId = new Map(found.map((row) => [row.id, row]));
  return new Map(
    rejected.map((one) => [one.registrationId, toRejection(one, byId.get(one.registrationId))]),
  );
}

function toRejection(held: HeldRegistration, found: Found | undefined): Rejection {
  if (!found) return { status: "not_found" };
  const stored = found.body === null ? null : putTogether(found);
  // A place may have become a seat since, but never a seat a place.
  const isSameKind = held.seatNo === null || found.seat_no !== null;
  if (found.registered_id === held.registrationId && found.registered_at && isSameKind) {
    const registeredAt = new Date(found.registered_at);
    return { status: "landed", seatNo: found.seat_no, registeredAt, stored };
  }
  if (stored) {
    const isSame = found.key_fingerprint === held.idempotency?.fingerprint;
    return isSame ? { status: "replayed", body: stored } : { status: "idempotency_key_reused" };
  }
  if (found.deleted) return { status: "not_found" };
  if (found.cancelled) return { status: "competition_cancelled" };
  if (found.registered_id !== null) {
    return { status: found.seat_no === null ? "already_waiting" : "already_registered" };
  }
  if (found.closed) return { status: "deadline_passed" };
  if (found.opens_at !== null) {
    const opensAt = new Date(found.opens_at);
    return { status: "not_open_yet", opensAt, inMs: Number(found.opens_in) };
  }
  return { status: "seat_taken" };
}

/**
 * Finds the idempotency record `k` of a request `i`. The scope is compared as text to keep the
 * planner off its index, which leads to every key of the competition.
 */
export const IS_ITS_KEY_SQL =
  "k.user_id = i.user_id and k.key = i.key and k.scope::text = i.competition_id::text";

const DIAGNOSE = `
select i.id, not (${IS_PUBLIC_SQL}) as deleted, c.cancelled_at is not null as cancelled,
  c.reg_deadline <= clock_timestamp() as closed,
  case when ${IS_EARLY_SQL} then c.opens_at end as opens_at,
  (extract(epoch from c.opens_at - clock_timestamp()) * 1000)::float8 as opens_in,
  k.fingerprint as key_fingerprint, ${ANSWER_SQL.columns}, r.id as registered_id,
  r.seat_no, r.registered_at
from json_to_recordset(?::json) as i(id uuid, user_id uuid, competition_id uuid, key text,
  epoch int)
join competition c on c.id = i.competition_id
left join stored_answer k on ${IS_ITS_KEY_SQL}
${ANSWER_SQL.join}
left join registration r
  on r.competition_id = i.competition_id and r.user_id = i.user_id and r.status <> 'CANCELLED'`;
