import * as z from "zod";
import { type MailMessage, mailTemplate } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { writeEventOff } from "./calendar/event";
import { findRegistered, type ToldCompetition } from "./find-registered";
import { inItsZone } from "./when-and-where";

const payloadSchema = z.object({ registrationId: z.guid() });

/**
 * Tells somebody with a seat, or a place in line, that the organizer has cancelled, in their own words.
 *
 * @returns null when there is nobody to tell
 */
export async function composeCancellation(payload: unknown): Promise<MailMessage | null> {
  const { registrationId } = payloadSchema.parse(payload);
  const found = await findRegistered(registrationId);
  if (!found || found.competition.takesPlace) return null;
  const { seatNo, user, competition } = found;
  const seat = seatNo === null ? null : String(seatNo);
  const rendered = cancellation(competition, { name: user.name, seat });
  // People in line were sent no event.
  const calendar = seat === null ? null : await writeEventOff(registrationId, competition);
  return { userId: user.id, to: user.email, ...rendered, calendar };
}

const cancellation = mailTemplate(
  (competition: ToldCompetition, { name, seat }: { name: string; seat: string | null }) => {
    const { title, cancelMessage, startDate, organizerName, timeZone } = competition;
    const place = seat === null ? "place in line" : "seat";
    return {
      subject: `Cancelled: ${title}`,
      heading: `${title} is cancelled`,
      paragraphs: [
        `Hello ${name},`,
        `${organizerName} has cancelled ${title}, so it will not take place. Your ${place} is gone with it, and there is nothing you need to do.`,
        ...(cancelMessage ? [`${organizerName} says:`, ...cancelMessage.split(/[\r\n]+/)] : []),
      ],
      details: [
        ["Competition", title],
        ["Was due to start", startDate ? inItsZone(startDate, timeZone) : "not decided"],
        ...(seat === null ? [] : [["Your seat was", seat] as [string, string]]),
        ["Organizer", organizerName],
      ],
      // One that was deleted since has no page.
      action: competition.isDeleted
        ? { label: "Find another competition", url: `${publicUrl()}/competitions` }
        : { label: "See the notice", url: `${publicUrl()}/competitions/${competition.id}` },
    };
  },
);
