import type { AppLoadContext } from "@remix-run/node";
import { findOrganizer } from "~/domain/accounts/index.server";
import { browseOrganizer } from "~/domain/competitions/index.server";
import {
  findUser,
  markHeld,
  notePageEnds,
  notFound,
  readSearch,
  toSummary,
} from "~/web/index.server";

const PER_PAGE = 20;

/**
 * An organizer and their competitions, as everybody sees them: what is to come, and what is over.
 *
 * @throws Response 404 for who is none
 */
export async function showOrganizer(
  request: Request,
  { id = "", context }: { id: string | undefined; context: AppLoadContext },
) {
  const organizer = await findOrganizer(id);
  if (!organizer) throw notFound();
  const asked = { organizerId: organizer.id, page: readSearch(request).page, perPage: PER_PAGE };
  const [user, { items, ...list }] = await Promise.all([
    findUser(request, context),
    browseOrganizer(asked),
  ]);
  notePageEnds(context.standIn, items);
  const listed = await markHeld(user, items.map(toSummary));
  const part = (isOver: boolean) => listed.filter((_, at) => items[at]?.isOver === isOver);
  const parts = [
    { title: "Upcoming", items: part(false) },
    { title: "Past", items: part(true) },
  ];
  return { name: organizer.name, parts: parts.filter(({ items }) => items.length > 0), ...list };
}
