import { findOwnStanding, placeInWords } from "~/domain/registration/index.server";
import { nextPlaceMs, requireActor } from "~/web/index.server";

/**
 * Where a participant stands in line, as "12th", and in how many milliseconds to ask again; null where
 * they are not in line, or not any more.
 */
export async function tellPlace(request: Request, competitionId = ""): Promise<Response> {
  const actor = await requireActor(request, "read own registration");
  const waitlist = (await findOwnStanding({ actor, competitionId }))?.waitlist;
  const answer = waitlist
    ? { place: placeInWords(waitlist), nextMs: nextPlaceMs(waitlist.place) }
    : { place: null };
  return Response.json(answer, { headers: { "Cache-Control": "no-store" } });
}
