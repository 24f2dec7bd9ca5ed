import { browseOwnRegistrations } from "~/domain/registration/index.server";
import { readListQuery, requireActor } from "~/web/index.server";

const PER_PAGE = 50;

/** A page of the participant's seats and places in line. */
export async function showRegistrations(request: Request) {
  const actor = await requireActor(request, "list own registrations");
  const { q, sort, page } = readListQuery(request, "ownRegistrations");
  const found = await browseOwnRegistrations({ actor, page, perPage: PER_PAGE, q, sort });
  return { ...found, q, sort };
}
