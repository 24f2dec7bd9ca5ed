import * as z from "zod";
import { listParticipants, registrationsOverTime } from "~/domain/registrations/index.server";
import { notFound } from "./not-found.server";
import { requireOwnCompetition } from "./own-competition.server";

const orderSchema = z.enum(["seat", "name", "registeredAt"]).catch("seat");

/** The picture is 300 points wide: it shows no more than so many steps. */
const STEPS_SHOWN = 150;

/**
 * Who registered, and how that grew, for the competition's organizer.
 *
 * @throws Response 404 to anybody else
 */
export async function showParticipants(request: Request, id: string | undefined) {
  const { organizer, competition } = await requireOwnCompetition(request, id);
  const sort = orderSchema.parse(new URL(request.url).searchParams.get("sort"));
  const competitionId = competition.id;
  const [participants, growth] = await Promise.all([
    listParticipants({ competitionId, organizerId: organizer.id, sort }),
    registrationsOverTime({ competitionId }),
  ]);
  if (!participants) throw notFound();
  const { title, capacity, registrations } = competition;
  return {
    competition: { id: competitionId, title, capacity, registrations },
    sort,
    participants,
    growth: untilNow(thin(growth)),
  };
}

function thin<T>(points: T[]): T[] {
  const every = Math.ceil(points.length / STEPS_SHOWN);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

/** The total holds until today. */
function untilNow(points: { at: Date; total: number }[]): { at: Date; total: number }[] {
  const last = points.at(-1);
  return last ? [...points, { at: new Date(), total: last.total }] : [];
}
