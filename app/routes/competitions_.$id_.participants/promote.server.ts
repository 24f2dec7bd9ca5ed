import { redirect } from "@remix-run/node";
import { promoteFromLine } from "~/domain/competitions/index.server";
import {
  flash,
  formAgain,
  notFound,
  readFormValues,
  requireOwnCompetition,
  typedNumber,
} from "~/web/index.server";

const MOST = 1_000;
const NO_COUNT = "Enter a whole number from 1 to 1,000.";

/**
 * Gives free seats to the first in line: a redirect back to the participants, or the page with the reason.
 *
 * @throws Response 404 to anybody but the competition's organizer
 */
export async function promoteWithForm(request: Request, competitionId: string | undefined) {
  const { organizer: actor, competition } = await requireOwnCompetition(request, {
    id: competitionId,
    action: "promote from line",
  });
  const values = await readFormValues(request);
  const count = typedNumber(values.count ?? "");
  if (!count || count > MOST) return formAgain({ values, errors: { count: NO_COUNT } });
  const { id } = competition;
  const outcome = await promoteFromLine({ actor, id, count });
  switch (outcome.status) {
    case "forbidden":
    case "not_found":
      throw notFound();
    case "still_open":
      return formAgain({ values: {}, errors: { "": STILL_OPEN } }, 409);
    case "competition_cancelled":
      return formAgain({ values: {}, errors: { "": CANCELLED } }, 409);
    case "promoted": {
      const headers = { "Set-Cookie": await flash(inWords(outcome.people.length)) };
      return redirect(`/competitions/${id}/participants`, { status: 303, headers });
    }
  }
}

const STILL_OPEN =
  "Registration is still open: until the deadline, free seats go to the first in line automatically.";

const CANCELLED = "This competition is cancelled, so nobody can get a seat.";

function inWords(count: number): string {
  if (count === 0) return "Nobody got a seat: none is free, or nobody waits any more.";
  return count === 1
    ? "1 person got a seat and will be told by email."
    : `${count.toLocaleString("en-GB")} people got a seat and will be told by email.`;
}
