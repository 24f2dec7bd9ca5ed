import {
  countLine,
  countParticipants,
  listLine,
  listParticipants,
  registrationsOverTime,
} from "~/domain/registration/index.server";
import { notFound, readListQuery, requireOwnCompetition } from "~/web/index.server";

const PER_PAGE = 100;

/** The picture is 300 points wide: it shows no more than so many steps. */
const STEPS_SHOWN = 150;

/**
 * Who registered, how that grew, and who waits, for the competition's organizer.
 *
 * @throws Response 404 to anybody else
 */
export async function showParticipants(request: Request, id: string | undefined) {
  const { organizer: actor, competition } = await requireOwnCompetition(request, {
    id,
    action: "read participants",
  });
  const { q, sort, ...wanted } = readListQuery(request, "participants");
  const asked = { actor, competitionId: competition.id, q };
  // How many there are in all is known; how many a search finds is counted.
  const known = [competition.registrations, competition.waiting];
  const [total, found] = q
    ? await Promise.all([countParticipants(asked), countLine(asked)])
    : known;
  const list = placeIn(wanted.page, total ?? 0);
  const ofLine = placeIn(wanted.line, found ?? 0);
  const [participants, growth, people] = await Promise.all([
    listParticipants({ ...asked, sort, limit: PER_PAGE, skip: list.skip }),
    registrationsOverTime(asked),
    listLine({ ...asked, limit: PER_PAGE, skip: ofLine.skip }),
  ]);
  if (total === null || !participants || !growth || !people) throw notFound();
  const { id: competitionId, title, capacity, registrations, waiting } = competition;
  return {
    competition: { id: competitionId, title, capacity, registrations },
    q,
    sort,
    page: list.page,
    pages: list.pages,
    total,
    participants,
    line: {
      waiting,
      people,
      page: ofLine.page,
      pages: ofLine.pages,
      isClosed: competition.state === "closed",
      freeSeats: Math.max(0, capacity - registrations),
    },
    growth: untilNow([{ at: competition.createdAt, total: 0 }, ...thin(growth)]),
  };
}

/** A page past the last one is the last one. */
function placeIn(wanted: number, total: number): { page: number; pages: number; skip: number } {
  const pages = Math.max(1, Math.ceil(total / PER_PAGE));
  const page = Math.min(wanted, pages);
  return { page, pages, skip: (page - 1) * PER_PAGE };
}

function thin<T>(points: T[]): T[] {
  const every = Math.ceil(points.length / STEPS_SHOWN);
  return points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

/** The total holds until today. */
function untilNow(points: { at: Date; total: number }[]): { at: Date; total: number }[] {
  return [...points, { at: new Date(), total: points.at(-1)?.total ?? 0 }];
}
