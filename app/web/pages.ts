import { isTimeZone } from "~/components/datetime";
import { DomainError } from "~/domain/error";
import { troubleOf } from "~/platform/postgres-error";

/** What a loader throws when there is nothing here, or nothing that this visitor may know of. */
export function notFound(): Response {
  return new Response("There is nothing here.", { status: 404, statusText: "Not Found" });
}

/** What a loader throws when something public was taken down. */
export function gone(): Response {
  return new Response("This was taken down.", { status: 410, statusText: "Gone" });
}

/** A refusal for now, in a visitor's words. */
export function tooOften({ retryAfterSeconds }: { retryAfterSeconds: number }): string {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const inMinutes = retryAfterSeconds <= 90 ? "a minute" : `${minutes} minutes`;
  const when = minutes <= 90 ? inMinutes : `${Math.ceil(minutes / 60)} hours`;
  return `That was a little too often. Try again in ${when}.`;
}

/**
 * Where to go next within the site: the path asked for, or `fallback` if it would lead anywhere else.
 * Never trusts a full address, `//host`, or anything that a browser would read as one.
 */
export function safeRedirect(to: FormDataEntryValue | null | undefined, fallback = "/"): string {
  if (typeof to !== "string" || !/^\/(?![/\\])/.test(to) || to.length > 2_000) return fallback;
  // Browsers drop tabs and line breaks from addresses, which would turn "/\t/host" into "//host".
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(to)) return fallback;
  const base = "http://site.invalid";
  const url = URL.canParse(to, base) ? new URL(to, base) : null;
  // "/.//host" comes out as "//host".
  if (url?.origin !== base || url.pathname.startsWith("//")) return fallback;
  return `${url.pathname}${url.search}${url.hash}`;
}

/** The zone that the visitor's browser reported in the `tz` cookie, or UTC while it is not known. */
export function visitorTimeZone(request: Request): string {
  return knownTimeZone(request.headers.get("cookie")) ?? "UTC";
}

/** The same from a request's cookies, or null. */
export function knownTimeZone(cookies: string | null | undefined): string | null {
  const encoded = /(?:^|;\s*)(?:__Host-)?tz=([\w%/+-]{1,120})/.exec(cookies ?? "")?.[1];
  if (!encoded) return null;
  try {
    const zone = decodeURIComponent(encoded);
    return isTimeZone(zone) ? zone : null;
  } catch {
    return null;
  }
}

/** How long to stay away when the database does not serve, in seconds. */
export const OUTAGE_SECONDS = 3;

/** Whether an error is an outage of something we depend on, and not a bug: worth another try soon. */
export function isOutage(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === "unavailable";
  const trouble = troubleOf(error);
  return trouble === "away" || trouble === "busy";
}
