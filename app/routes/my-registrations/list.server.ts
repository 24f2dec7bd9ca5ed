import { browseOwnRegistrations, type OwnSeat } from "~/domain/registration/index.server";
import { readSearch, requireActor } from "~/web/index.server";

const PER_PAGE = 50;

/** A page of the participant's seats, places in line, and what is past or off, part by part. */
export async function showRegistrations(request: Request) {
  const actor = await requireActor(request, "list own registrations");
  const { q, page: asked } = readSearch(request);
  const { items, ...list } = await browseOwnRegistrations({
    actor,
    page: asked,
    perPage: PER_PAGE,
    q,
  });
  const parts: { name: OwnSeat["part"]; seats: OwnSeat[] }[] = [];
  for (const seat of items) {
    if (parts.at(-1)?.name !== seat.part) parts.push({ name: seat.part, seats: [] });
    parts.at(-1)?.seats.push(seat);
  }
  return { ...list, parts, q };
}
