import * as z from "zod";

/** What is told of a cursor that no list has given. */
export const NO_CURSOR = "Send the cursor of a next link.";

/** The query of a list that is read page by page: how many at once, and where to go on. */
export function pagesOf({ most, usual = most }: { most: number; usual?: number }) {
  return {
    limit: z.preprocess(
      (value) => (typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value),
      z
        .int("Send a whole number.")
        .min(1, "At least 1.")
        .max(most, `At most ${most}.`)
        .default(usual),
    ),
    cursor: z.string().min(1, NO_CURSOR).max(200, NO_CURSOR).optional(),
  };
}

/** The header that leads to the next page of the same list (RFC 8288), where there is one. */
export function linkToNext(
  path: string,
  query: Record<string, string | number | undefined>,
  cursor: string | null,
): Record<string, string> | undefined {
  if (!cursor) return undefined;
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor })) {
    if (value !== undefined && value !== "") next.set(name, String(value));
  }
  return { link: `<${path}?${next}>; rel="next"` };
}
