import * as z from "zod";
import { browseCompetitions, listTags } from "~/domain/competitions/index.server";
import { toSummary } from "./competition-summary";

const PER_PAGE = 20;
const TAGS_SHOWN = 12;

/** A list's address is typed and shared by people: what makes no sense in it counts as not given. */
const schema = z.object({
  q: z.string().trim().max(200).catch(""),
  tag: z.string().trim().toLowerCase().max(30).catch(""),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
});

/** The page of competitions that an address asks for, and the tags that could narrow it down. */
export async function browse(request: Request, filter: { organizerId?: string } = {}) {
  const search = Object.fromEntries(new URL(request.url).searchParams);
  const { q, tag, page } = schema.parse(search);
  const [list, tags] = await Promise.all([
    browseCompetitions({ q, tag, page, perPage: PER_PAGE, ...filter }),
    listTags({ limit: TAGS_SHOWN }),
  ]);
  const shown = tags.map((one) => one.tag);
  return {
    q,
    tag,
    tags: tag && !shown.includes(tag) ? [tag, ...shown] : shown,
    items: list.items.map(toSummary),
    page: list.page,
    pages: list.pages,
    total: list.total,
  };
}
