import * as z from "zod";
import { type MailMessage, mailTemplate } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { eventUrl, writeEvent } from "./calendar/event";
import { findConfirmed, type ToldCompetition } from "./find-registered";
import { whenAndWhere } from "./when-and-where";

const payloadSchema = z.object({ registrationId: z.guid() });

/**
 * Tells a participant that a seat is theirs.
 *
 * @returns null when the registration was cancelled, or its competition deleted, before its mail left
 */
export async function composeConfirmation(payload: unknown): Promise<MailMessage | null> {
  const { registrationId } = payloadSchema.parse(payload);
  const found = await findConfirmed(registrationId);
  if (!found?.competition.takesPlace) return null;
  const { seatNo, user, competition } = found;
  const rendered = confirmation(competition, { name: user.name, seat: String(seatNo) });
  const topic = `confirmation:${competition.id}`;
  return { userId: user.id, to: user.email, topic, ...rendered };
}

const confirmation = mailTemplate(
  (competition: ToldCompetition, { name, seat }: { name: string; seat: string }) => {
    const calendar = writeEvent(competition);
    return {
      subject: `Registration confirmed: ${competition.title}`,
      heading: "You are registered",
      paragraphs: [
        `Hello ${name},`,
        `Seat ${seat} at ${competition.title} is yours. If you cannot come, please give it back in time: somebody else will be glad of it.`,
      ],
      details: [
        ["Competition", competition.title],
        ...whenAndWhere(competition),
        ["Your seat", seat],
        ["Organizer", competition.organizerName],
      ],
      action: {
        label: "See the competition",
        url: `${publicUrl()}/competitions/${competition.id}`,
      },
      calendarUrl: calendar && eventUrl(competition.id),
      calendar,
    };
  },
);
