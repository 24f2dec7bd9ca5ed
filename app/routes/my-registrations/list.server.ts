import { isCursor, listOwnRegistrations } from "~/domain/registration/index.server";
import { requireActor } from "~/web/index.server";

const SHOWN = 50;

/**
 * A page of the participant's seats, newest first.
 *
 * @returns `older`, where the next page begins, in the address of this one
 */
export async function showRegistrations(request: Request) {
  const actor = await requireActor(request, "list own registrations");
  const before = new URL(request.url).searchParams.get("before") ?? "";
  const { items, nextCursor } = await listOwnRegistrations({
    actor,
    limit: SHOWN,
    cursor: isCursor(before) ? before : undefined,
  });
  return {
    older: nextCursor,
    registrations: items.map(({ id, seatNo, registeredAt, competition }) => ({
      id,
      seatNo,
      registeredAt,
      competition: {
        id: competition.id,
        title: competition.title,
        startDate: competition.startDate,
      },
    })),
  };
}
