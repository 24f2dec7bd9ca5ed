import { findCalendarOwner, writeOwnCalendar } from "~/domain/registration/index.server";
import { exactTagOf, isKnownTag, limit, notFound } from "~/web/index.server";

/** Nobody is told its address, and no search engine keeps it. */
const HIDDEN = { "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex" };

/**
 * The calendar that a secret opens, whoever asks: programs that subscribe to it send no cookies.
 *
 * @param known the tag of what the asker has
 * @throws Response 404, the same for whatever opens nothing; 429
 */
export async function tellCalendar(secret: string, known: string | null): Promise<Response> {
  const actor = await findCalendarOwner({ secret });
  if (!actor) throw notFound();
  // After the look-up: secrets that somebody makes up must make no counts.
  const limited = await limit("calendar", { address: undefined, account: actor.id });
  if (limited.status === "rate_limited") {
    const headers = { ...HIDDEN, "Retry-After": String(limited.retryAfterSeconds) };
    throw new Response("That was a little too often.", { status: 429, headers });
  }
  const file = await writeOwnCalendar({ actor });
  const tag = exactTagOf(file);
  const headers = { ...HIDDEN, "Cache-Control": "private, max-age=900", ETag: tag };
  if (isKnownTag(known, tag)) return new Response(null, { status: 304, headers });
  return new Response(file, {
    headers: { ...headers, "Content-Type": "text/calendar; charset=utf-8" },
  });
}
