import type { UserView } from "~/domain/accounts/index.server";
import { type CompetitionView, findOwnCompetition } from "~/domain/competitions/index.server";
import { requireUser } from "./auth";
import { notFound } from "./not-found";

/**
 * A competition and its organizer, when it is they who ask.
 *
 * @throws Response 404 to anybody else, a redirect to the login page for nobody.
 */
export async function requireOwnCompetition(
  request: Request,
  id: string | undefined,
): Promise<{ organizer: UserView; competition: CompetitionView }> {
  const organizer = await requireUser(request);
  const competition = await findOwnCompetition({ id: id ?? "", organizerId: organizer.id });
  if (!competition) throw notFound();
  return { organizer, competition };
}
