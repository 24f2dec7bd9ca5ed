import type { AppLoadContext } from "@remix-run/node";
import * as z from "zod";
import type { CompetitionSummary, ListedSummary } from "~/components/competition-card";
import type { Actor, OwnersAction } from "~/domain/access";
import type { UserView } from "~/domain/accounts/index.server";
import {
  browseCompetitions,
  type CompetitionView,
  findNext,
  findOwnCompetition,
  listTags,
  WHEN,
} from "~/domain/competitions/index.server";
import { findHeldOf } from "~/domain/registration/index.server";
import { publicUrl } from "~/platform/env";
import { linkOf } from "~/platform/web-link";
import { listSchema, readQuery } from "./list-query";
import { notePageEnds } from "./opening";
import { notFound } from "./pages";
import { requireUser } from "./sessions";

/**
 * A competition and its organizer, if it is the organizer who asks and they may do this to it.
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
const TAGS_SHOWN = 8;
const NEXT_SHOWN = 3;

const schema = listSchema.extend({
  tag: z.string().normalize("NFC").trim().toLowerCase().max(30).catch(""),
  when: z
    .enum([...WHEN, "all"])
    .optional()
    .catch(undefined),
});

/**
 * The page of competitions that an address asks for, and the tags that could narrow it down. Without a
 * search it shows what is open; a search finds open, past and future ones alike, unless it says which.
 */
export async function browse(request: Request, { standIn }: Pick<AppLoadContext, "standIn">) {
  const { q, tag, page, ...asked } = schema.parse(readQuery(request));
  const scope = asked.when ?? (q || tag ? "all" : "open");
  const when = scope === "all" ? undefined : scope;
  const [list, tags] = await Promise.all([
    browseCompetitions({ q, tag, when, page, perPage: PER_PAGE }),
    listTags({ limit: TAGS_SHOWN }),
  ]);
  notePageEnds(standIn, list.items);
  const shown = tags.map((one) => one.tag);
  return {
    q,
    tag,
    when: scope,
    tags: tag && !shown.includes(tag) ? [tag, ...shown] : shown,
    items: list.items.map(toSummary),
    page: list.page,
    pages: list.pages,
    total: list.total,
    more: list.more,
    canonical: canonicalOf({ tag, when: scope, page: list.page }),
  };
}

/** The one address of a list, however it was reached. A search's words are not part of it. */
function canonicalOf({ tag, when, page }: { tag: string; when: string; page: number }): string {
  const isUsual = when === (tag ? "all" : "open");
  const parts = { when: isUsual ? "" : when, tag, page: page === 1 ? "" : String(page) };
  const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value));
  return `${publicUrl()}/competitions${query.size > 0 ? `?${query}` : ""}`;
}

/** What comes next for the signed-in visitor. */
export async function showNext(
  user: Actor | null,
  { standIn }: Pick<AppLoadContext, "standIn">,
): Promise<ListedSummary[]> {
  // A kept page is for those who have nothing next.
  if (!user || standIn) return [];
  const next = await findNext(user, { limit: NEXT_SHOWN });
  return next.map((one) => ({ ...toSummary(one), has: one.has }));
}

/** The same competitions, with what the visitor has in each: no list offers people what they have. */
export async function markHeld(
  user: Actor | null,
  listed: CompetitionSummary[],
): Promise<ListedSummary[]> {
  if (user?.role !== "PARTICIPANT" || listed.length === 0) return listed;
  const held = await findHeldOf({ userId: user.id, competitionIds: listed.map(({ id }) => id) });
  return listed.map((one) => ({ ...one, has: held.get(one.id) }));
}

/** What a list shows of a competition. Nothing else may reach the browser, least of all email addresses. */
export function toSummary(competition: CompetitionView): CompetitionSummary {
  const { id, title, capacity, registrations, waiting, waitlistLimit, state } = competition;
  const { opensAt, regDeadline, startDate, endsAt } = competition;
  const { id: organizerId, name: organizerName } = competition.organizer;
  const when = { opensAt, regDeadline, startDate, endsAt, timeZone: competition.timeZone };
  const place = whereIs(competition.location).words;
  const seats = { capacity, registrations, waiting, waitlistLimit, state };
  return { id, title, ...seats, ...when, place, organizerId, organizerName };
}

/** Where a competition is, in words; for an online one, with its link. */
export function whereIs(location: string | null): { words: string | null; link: string | null } {
  const link = location === null ? null : linkOf(location);
  return { words: link ? "Online" : location, link };
}
