import * as z from "zod";
import { type MailMessage, mailTemplate } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { writeEventOff } from "./calendar/event";
import { findRegistered, type ToldCompetition } from "./find-registered";
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
  const seat = seatNo === null ? null : String(seatNo);
  const rendered = deletion(competition, { name: user.name, seat });
  // People in line were sent no event.
  const calendar = seat === null ? null : await writeEventOff(registrationId, competition);
  return { userId: user.id, to: user.email, ...rendered, calendar };
}

const deletion = mailTemplate(
  (competition: ToldCompetition, { name, seat }: { name: string; seat: string | null }) => {
    const { title, startDate, timeZone, organizerName } = competition;
    return {
      subject: `Cancelled: ${title}`,
      heading: `${title} is cancelled`,
      paragraphs: [
        `Hello ${name},`,
        `The organizer has taken ${title} down, so it will not take place. Your ${seat === null ? "place in line" : "seat"} is gone with it, and there is nothing you need to do.`,
      ],
      details: [
        ["Competition", title],
        ["Was due to start", startDate ? inItsZone(startDate, timeZone) : "not decided"],
        ...(seat === null ? [] : [["Your seat was", seat] as [string, string]]),
        ["Organizer", organizerName],
      ],
      // Its own page is gone, too.
      action: { label: "Find another competition", url: `${publicUrl()}/competitions` },
    };
  },
);
