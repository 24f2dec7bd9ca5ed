import { isTimeZone } from "~/components/datetime";

/** The zone that the visitor's browser reported in the `tz` cookie, or UTC while it is not known. */
export function visitorTimeZone(request: Request): string {
  const cookie = request.headers.get("cookie") ?? "";
  const encoded = /(?:^|;\s*)tz=([\w%/+-]{1,120})/.exec(cookie)?.[1];
  if (!encoded) return "UTC";
  try {
    const zone = decodeURIComponent(encoded);
    return isTimeZone(zone) ? zone : "UTC";
  } catch {
    return "UTC";
  }
}
