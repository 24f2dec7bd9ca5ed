import ICAL from "ical.js";
import type { ApiReply } from "./api-client";

/** The properties of each event of a file, as ical.js reads them. */
export function eventsOf({ text }: Pick<ApiReply, "text">): Record<string, string>[] {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar
    .getAllSubcomponents("vevent")
    .map((event) =>
      Object.fromEntries(
        event.getAllProperties().map((one) => [one.name, String(one.getFirstValue())]),
      ),
    );
}
