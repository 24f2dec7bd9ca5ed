import type { AppLoadContext } from "@remix-run/node";
import { findOrganizer } from "~/domain/accounts/index.server";
import { browseOrganizer } from "~/domain/competitions/index.server";
import { notePageEnds, notFound, readSearch, toSummary } from "~/web/index.server";

const PER_PAGE = 20;

/**
 * An organizer and their competitions, as everybody sees them: what is to come, and what is over.
 *
 * @throws Response 404 for who is none
 */
export async function showOrganizer(
  request: Request,
  { id = "", standIn }: { id: string | undefined } & Pick<AppLoadContext, "standIn">,
) {
  const organizer = await findOrganizer(id);
  if (!organizer) throw notFound();
  const asked = { organizerId: organizer.id, page: readSearch(request).page, perPage: PER_PAGE };
  const { items, ...list } = await browseOrganizer(asked);
  notePageEnds(standIn, items);
  const parts = [
    { title: "Upcoming", items: items.filter(({ isOver }) => !isOver).map(toSummary) },
    { title: "Past", items: items.filter(({ isOver }) => isOver).map(toSummary) },
  ];
  return { name: organizer.name, parts: parts.filter(({ items }) => items.length > 0), ...list };
}
