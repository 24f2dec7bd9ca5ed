import { isUuid } from "~/platform/ids";
import { database } from "~/platform/orm";
import {
  type CompetitionRow,
  type CompetitionView,
  SELECT_COMPETITIONS,
  toViews,
} from "./competition-view";

/** A competition that is not deleted, or null: also when the id is none. */
export async function findCompetition({ id }: { id: string }): Promise<CompetitionView | null> {
  if (!isUuid(id)) return null;
  return findOne(`${SELECT_COMPETITIONS} and c.id = ?`, [id]);
}

/** The same, for its organizer only: to anybody else it does not exist. */
export async function findOwnCompetition({
  id,
  organizerId,
}: {
  id: string;
  organizerId: string;
}): Promise<CompetitionView | null> {
  if (!isUuid(id)) return null;
  return findOne(`${SELECT_COMPETITIONS} and c.id = ? and c.created_by_id = ?`, [id, organizerId]);
}

async function findOne(sql: string, parameters: string[]): Promise<CompetitionView | null> {
  const em = database();
  const rows: CompetitionRow[] = await em.execute(sql, parameters);
  const [view] = await toViews(em, rows);
  return view ?? null;
}
