import type { EntityManager } from "@mikro-orm/postgresql";
import { DomainError } from "~/domain/error";
import { env } from "~/platform/env";

/**
 * Holds an organizer to their quotas: a number of new competitions within 24 hours, deleted ones included,
 * and a number of seats in all competitions to come. Their other changes wait until the end of this
 * transaction, so that no two can use up the same remainder.
 *
 * @param asked `competitionId` is the one whose seats change; its present ones do not count
 * @throws DomainError `rate_limited` for too many competitions, `conflict` for too many seats
 */
export async function requireQuota(
  em: EntityManager,
  asked: { organizerId: string; competitionId: string; seats: number; isNew: boolean },
): Promise<void> {
  if (env().RATE_LIMITS === "off") return;
  const { organizerId, competitionId, seats, isNew } = asked;
  // Not the organizer's row: edits share a lock on it already, so two edits would wait for each other.
  await em.execute("select pg_advisory_xact_lock(hashtextextended(?, 1))", [organizerId]);
  const [used] = await em.execute<Used[]>(USED, [competitionId, organizerId]);
  if (!used) return;
  if (isNew && used.today >= env().ORGANIZER_COMPETITIONS_A_DAY) {
    throw tooManyToday(Math.max(1, Math.ceil(used.next_seconds)));
  }
  const left = env().ORGANIZER_SEATS - used.seats;
  if (seats > left) throw tooManySeats(left);
}

interface Used {
  today: number;
  /** How long until the earliest one no longer counts. */
  next_seconds: number;
  seats: number;
}

const USED = `
select count(*) filter (where created_at > now() - interval '24 hours')::int as today,
  coalesce(extract(epoch from min(created_at) filter (where created_at > now() - interval '24 hours')
    + interval '24 hours' - now()), 0)::float as next_seconds,
  coalesce(sum(capacity) filter (where deleted_at is null and id <> ?
    and published_at is not null and cancelled_at is null
    and greatest(start_date, reg_deadline) > now()), 0)::float as seats
from competition where created_by_id = ?`;

function tooManyToday(retryAfterSeconds: number): DomainError {
  const most = env().ORGANIZER_COMPETITIONS_A_DAY.toLocaleString("en");
  const message = `You can create at most ${most} competitions in 24 hours. Try again tomorrow.`;
  return new DomainError("rate_limited", message, { retryAfterSeconds });
}

function tooManySeats(left: number): DomainError {
  const most = env().ORGANIZER_SEATS.toLocaleString("en");
  const rest = Math.max(0, left).toLocaleString("en");
  const message = `Your upcoming competitions may have at most ${most} seats in total; ${rest} are left.`;
  return new DomainError("conflict", message, { fields: [{ field: "capacity", message }] });
}
