import { browseOwnCompetitions } from "~/domain/competitions/index.server";
import { readListQuery, requireActor, toSummary } from "~/web/index.server";

const PER_PAGE = 20;

/** A page of the organizer's competitions. */
export async function showOwn(request: Request) {
  const actor = await requireActor(request, "list own competitions");
  const { q, sort, page } = readListQuery(request, "ownCompetitions");
  const found = await browseOwnCompetitions({ actor, page, perPage: PER_PAGE, q, sort });
  return { ...found, items: found.items.map(toSummary), q, sort };
}
