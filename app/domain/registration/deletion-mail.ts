import * as z from "zod";
import { type MailMessage, renderMail } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { writeEventOff } from "./calendar/event";
import { findRegistered } from "./find-registered";
import { inItsZone } from "./when-and-where";

const payloadSchema = z.object({ registrationId: z.guid() });

/**
 * Tells a participant that what they have a seat, or a place in line, for does not take place.
 *
 * @returns null when there is nobody to tell, or nothing that was deleted
 */
export async function composeDeletion(payload: unknown): Promise<MailMessage | null> {
  const { registrationId } = payloadSchema.parse(payload);
  const found = await findRegistered(registrationId);
  if (!found?.competition.isDeleted) return null;
  const { seatNo, user, competition } = found;
  const { startDate, timeZone } = competition;
  const rendered = renderMail({
    subject: `Cancelled: ${competition.title}`,
    heading: `${competition.title} is cancelled`,
    paragraphs: [
      `Hello ${user.name},`,
      `The organizer has taken ${competition.title} down, so it will not take place. Your ${seatNo === null ? "place in line" : "seat"} is gone with it, and there is nothing you need to do.`,
    ],
    details: [
      ["Competition", competition.title],
      ["Was to start", startDate ? inItsZone(startDate, timeZone) : "not decided"],
      ...(seatNo === null ? [] : [["Your seat was", String(seatNo)] as [string, string]]),
      ["Organizer", competition.organizerName],
    ],
    // Its own page is gone, too.
    action: { label: "Find another competition", url: `${publicUrl()}/competitions` },
  });
  // Who waited was sent no event.
  const calendar = seatNo === null ? null : await writeEventOff(registrationId, competition);
  return { userId: user.id, to: user.email, ...rendered, calendar };
}
