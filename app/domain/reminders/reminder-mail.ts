import * as z from "zod";
import { type MailMessage, mailTemplate } from "~/domain/mail/index.server";
import {
  findConfirmed,
  type ToldCompetition,
  whenAndWhere,
} from "~/domain/registration/index.server";
import { now } from "~/platform/clock";
import { publicUrl } from "~/platform/env";
import { formatDateTime } from "~/platform/zoned-time";

const payloadSchema = z.object({
  registrationId: z.guid(),
  startDate: z.iso.datetime(),
});

/**
 * Reminds a participant of a start.
 *
 * @returns null when it would no longer be true: cancelled, deleted, moved to another time, or begun
 */
export async function composeReminder(payload: unknown): Promise<MailMessage | null> {
  const { registrationId, startDate } = payloadSchema.parse(payload);
  const found = await findConfirmed(registrationId);
  if (!found?.competition.takesPlace) return null;
  const { seatNo, user, competition } = found;
  const start = new Date(startDate);
  if (competition.startDate?.getTime() !== start.getTime()) return null;
  // The mail was late, or is sent again: what has begun is not announced.
  if (start <= now()) return null;
  const rendered = reminder(competition, { name: user.name, seat: String(seatNo) });
  return { userId: user.id, to: user.email, ...rendered };
}

const reminder = mailTemplate(
  (competition: ToldCompetition, { name, seat }: { name: string; seat: string }) => {
    const { id, title, startDate, timeZone } = competition;
    const when = startDate ? formatDateTime(startDate, timeZone) : "";
    return {
      subject: `Reminder: ${title} starts ${when}`,
      heading: `${title} starts soon`,
      paragraphs: [`Hello ${name},`, `${title} starts ${when}. Your seat is waiting for you.`],
      details: [["Competition", title], ...whenAndWhere(competition), ["Your seat", seat]],
      action: { label: "See the competition", url: `${publicUrl()}/competitions/${id}` },
    };
  },
);
