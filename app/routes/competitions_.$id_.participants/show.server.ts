import * as z from "zod";
import { listParticipants, registrationsOverTime } from "~/domain/registration/index.server";
import { notFound, requireOwnCompetition } from "~/web/index.server";

const schema = z.object({
  sort: z.enum(["seat", "name", "registeredAt"]).catch("seat"),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});

const PER_PAGE = 100;

/** The picture is 300 points wide: it shows no more than so many steps. */
const STEPS_SHOWN = 150;

/**
 * Who registered, and how that grew, for the competition's organizer.
 *
 * @throws Response 404 to anybody else
 */
export async function showParticipants(request: Request, id: string | undefined) {
  const { organizer: actor, competition } = await requireOwnCompetition(request, {
    id,
    action: "read participants",
  });
  const search = schema.parse(Object.fromEntries(new URL(request.url).searchParams));
  const { sort } = search;
  const competitionId = competition.id;
  const pages = Math.max(1, Math.ceil(competition.registrations / PER_PAGE));
  const page = Math.min(search.page, pages);
  const shown = { sort, limit: PER_PAGE, skip: (page - 1) * PER_PAGE };
  const [participants, growth] = await Promise.all([
    listParticipants({ actor, competitionId, ...shown }),
    registrationsOverTime({ actor, competitionId }),
  ]);
  if (!participants || !growth) throw notFound();
  const { title, capacity, registrations } = competition;
  return {
    competition: { id: competitionId, title, capacity, registrations },
    sort,
    page,
    pages,
    participants,
    growth: untilNow([{ at: competition.createdAt, total: 0 }, ...thin(growth)]),
  };
}

function thin<T>(points: T[]): T[] {
  const every = Math.ceil(points.length / STEPS_SHOWN);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

/** The total holds until today. */
function untilNow(points: { at: Date; total: number }[]): { at: Date; total: number }[] {
  return [...points, { at: new Date(), total: points.at(-1)?.total ?? 0 }];
}
