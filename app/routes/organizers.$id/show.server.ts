import type { AppLoadContext } from "@remix-run/node";
import { findOrganizer } from "~/domain/accounts/index.server";
import { browseCompetitions } from "~/domain/competitions/index.server";
import { notePageEnds, notFound, readPage, toSummary } from "~/web/index.server";

const PER_PAGE = 20;

/**
 * An organizer and their competitions, as everybody sees them.
 *
 * @throws Response 404 for who is none
 */
export async function showOrganizer(
  request: Request,
  { id = "", standIn }: { id: string | undefined } & Pick<AppLoadContext, "standIn">,
) {
  const organizer = await findOrganizer(id);
  if (!organizer) throw notFound();
  const asked = { organizerId: organizer.id, page: readPage(request), perPage: PER_PAGE };
  const { items, ...list } = await browseCompetitions(asked);
  notePageEnds(standIn, items);
  return { name: organizer.name, items: items.map(toSummary), ...list };
}
