import { database } from "~/platform/orm";
import { type CompetitionFilter, filterConditions } from "./competition-filter";
import {
  type CompetitionRow,
  type CompetitionView,
  SELECT_COMPETITIONS,
  toViews,
} from "./competition-view";

/** A numbered page of competitions, newest first. A page past the last one is the last one. */
export async function browseCompetitions({
  page,
  perPage = 20,
  ...filter
}: CompetitionFilter & { page: number; perPage?: number }): Promise<{
  items: CompetitionView[];
  page: number;
  pages: number;
  total: number;
}> {
  const em = database();
  const { sql, parameters } = filterConditions(filter);
  const [counted]: { total: number }[] = await em.execute(
    `select count(*)::int as total from competition c where c.deleted_at is null${sql}`,
    parameters,
  );
  const total = counted?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / perPage));
  const shown = Math.min(Math.max(1, page), pages);
  const rows: CompetitionRow[] = await em.execute(
    `${SELECT_COMPETITIONS}${sql} order by c.created_at desc, c.id desc limit ? offset ?`,
    [...parameters, perPage, (shown - 1) * perPage],
  );
  return { items: await toViews(em, rows), page: shown, pages, total };
}

/** Competitions that can still be registered for, the soonest first. */
export async function upcomingCompetitions({
  limit,
}: {
  limit: number;
}): Promise<CompetitionView[]> {
  const em = database();
  const rows: CompetitionRow[] = await em.execute(
    `${SELECT_COMPETITIONS} and c.reg_deadline > now()
     order by coalesce(c.start_date, c.reg_deadline), c.id limit ?`,
    [limit],
  );
  return toViews(em, rows);
}

/** The tags in use, those of most competitions first. */
export async function listTags({
  limit,
}: {
  limit: number;
}): Promise<{ tag: string; competitions: number }[]> {
  return database().execute(
    `select tag, count(*)::int as competitions from competition c, unnest(c.tags) as tag
      where c.deleted_at is null group by tag order by count(*) desc, tag limit ?`,
    [limit],
  );
}
