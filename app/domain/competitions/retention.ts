import { removeFreeSeats, removeRegistrations } from "~/domain/registration/index.server";
import { env } from "~/platform/env";
import { database } from "~/platform/orm";
import { removeCoverImage } from "./cover-image";

/** By then no request is still busy with a deleted competition. Minutes. */
const SEATS_KEPT_MINUTES = 10;

/**
 * Deletes the picture and the free seats of the next deleted competition: 100,000 seats take ten
 * megabytes. Each process looks at each deleted competition once.
 */
export async function removeSeatsOfDeleted(): Promise<{ forgotten: number }> {
  const [next] = await database().execute<{ id: string; deleted_at: string }[]>(
    `select id, deleted_at from competition
      where deleted_at < now() - make_interval(mins => ?) and (deleted_at, id) > (?::timestamptz, ?)
      order by deleted_at, id limit 1`,
    [SEATS_KEPT_MINUTES, lookedAt.deletedAt, lookedAt.id],
  );
  if (!next) return { forgotten: 0 };
  await removeFreeSeats(next.id);
  await removeCoverImage(next.id);
  lookedAt = { deletedAt: next.deleted_at, id: next.id };
  return { forgotten: 1 };
}

let lookedAt = { deletedAt: "-infinity", id: "00000000-0000-0000-0000-000000000000" };

/** Deletes what is left of the competition that was deleted longest ago, after `DELETED_KEPT_DAYS`. */
export async function purgeDeleted(): Promise<{ forgotten: number }> {
  const [next] = await database().execute<{ id: string }[]>(
    `select id from competition where deleted_at < now() - make_interval(days => ?)
      order by deleted_at, id limit 1`,
    [env().DELETED_KEPT_DAYS],
  );
  if (!next) return { forgotten: 0 };
  await removeRegistrations(next.id);
  await database().execute("delete from competition where id = ? and deleted_at is not null", [
    next.id,
  ]);
  return { forgotten: 1 };
}
