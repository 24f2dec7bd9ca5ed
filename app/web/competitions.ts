import type { AppLoadContext } from "@remix-run/node";
import * as z from "zod";
import type { CompetitionSummary } from "~/components/competition-card";
import type { OwnersAction } from "~/domain/access";
import type { UserView } from "~/domain/accounts/index.server";
import {
  browseCompetitions,
  type CompetitionView,
  findOwnCompetition,
  listTags,
} from "~/domain/competitions/index.server";
import { listSchema } from "./list-query";
import { notePageEnds } from "./opening";
import { notFound } from "./pages";
import { requireUser } from "./sessions";

/**
 * A competition and its organizer, when it is they who ask and they may do this to it.
 *
 * @throws Response 404 to anybody else, a redirect to the login page for nobody.
 */
export async function requireOwnCompetition(
  request: Request,
  { id = "", action }: { id: string | undefined; action: OwnersAction },
): Promise<{ organizer: UserView; competition: CompetitionView }> {
  const organizer = await requireUser(request);
  const competition = await findOwnCompetition({ actor: organizer, action, id });
  if (!competition) throw notFound();
  return { organizer, competition };
}

const PER_PAGE = 20;
const TAGS_SHOWN = 12;

const schema = listSchema.extend({ tag: z.string().trim().toLowerCase().max(30).catch("") });

/** The page of competitions that an address asks for, and the tags that could narrow it down. */
export async function browse(request: Request, { standIn }: Pick<AppLoadContext, "standIn">) {
  const search = Object.fromEntries(new URL(request.url).searchParams);
  const { q, tag, page } = schema.parse(search);
  const [list, tags] = await Promise.all([
    browseCompetitions({ q, tag, page, perPage: PER_PAGE }),
    listTags({ limit: TAGS_SHOWN }),
  ]);
  notePageEnds(standIn, list.items);
  const shown = tags.map((one) => one.tag);
  return {
    q,
    tag,
    tags: tag && !shown.includes(tag) ? [tag, ...shown] : shown,
    items: list.items.map(toSummary),
    page: list.page,
    pages: list.pages,
    total: list.total,
    more: list.more,
  };
}

/** What a list shows of a competition: nothing else may reach the browser, least of all addresses. */
export function toSummary(competition: CompetitionView): CompetitionSummary {
  const { id, title, tags, capacity, registrations, state } = competition;
  const { opensAt, regDeadline, startDate } = competition;
  const organizerName = competition.organizer.name;
  const dates = { opensAt, regDeadline, startDate };
  return { id, title, tags, capacity, registrations, ...dates, state, organizerName };
}
