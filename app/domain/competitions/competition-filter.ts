/** What narrows a list of competitions down. */
export interface CompetitionFilter {
  /** Looked for in title, description and tags, whatever its case. */
  q?: string;
  tag?: string;
  organizerId?: string;
}

/** The filter as conditions to append to `SELECT_COMPETITIONS`, with their parameters. */
export function filterConditions({ q, tag, organizerId }: CompetitionFilter): {
  sql: string;
  parameters: string[];
} {
  const conditions: string[] = [];
  const parameters: string[] = [];
  const words = clean(q);
  if (words) {
    conditions.push(
      "(c.title || ' ' || c.description || ' ' || array_to_string(c.tags, ' ')) ilike ?",
    );
    parameters.push(`%${words.replace(/[\\%_]/g, "\\$&")}%`);
  }
  const wanted = clean(tag)?.toLowerCase();
  if (wanted) {
    conditions.push("c.tags @> array[?]::text[]");
    parameters.push(wanted);
  }
  if (organizerId) {
    conditions.push("c.created_by_id = ?");
    parameters.push(organizerId);
  }
  return { sql: conditions.map((condition) => ` and ${condition}`).join(""), parameters };
}

/** Postgres text holds no NUL; no title holds one either, so nothing is lost by dropping it. */
function clean(value: string | undefined): string | undefined {
  return value?.replaceAll("\0", "").trim().slice(0, 200) || undefined;
}
