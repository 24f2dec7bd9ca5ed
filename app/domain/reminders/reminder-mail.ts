import * as z from "zod";
import { formatUtc, type MailMessage, renderMail } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { database } from "~/platform/orm";

const payloadSchema = z.object({
  registrationId: z.guid(),
  startDate: z.iso.datetime(),
});

interface Registered {
  seat_no: number;
  user_id: string;
  email: string;
  name: string;
  competition_id: string;
  title: string;
}

/**
 * Reminds a participant of a start.
 *
 * @returns null when it would no longer be true: cancelled, deleted, or moved to another time
 */
export async function composeReminder(payload: unknown): Promise<MailMessage | null> {
  const { registrationId, startDate } = payloadSchema.parse(payload);
  const [found] = await database().execute<Registered[]>(REGISTERED, [registrationId, startDate]);
  if (!found) return null;
  const when = formatUtc(new Date(startDate));
  const subject = `Reminder: ${found.title} starts ${when}`;
  const rendered = renderMail({
    subject,
    heading: `${found.title} starts soon`,
    paragraphs: [`Hello ${found.name},`, `${found.title} starts ${when}.`],
    details: [
      ["Competition", found.title],
      ["Starts", when],
      ["Your seat", String(found.seat_no)],
    ],
    action: {
      label: "See the competition",
      url: `${publicUrl()}/competitions/${found.competition_id}`,
    },
  });
  return { userId: found.user_id, to: found.email, subject, ...rendered };
}

const REGISTERED = `
select r.seat_no, u.id as user_id, u.email, u.name, c.id as competition_id, c.title
from registration r
join "user" u on u.id = r.user_id
join competition c on c.id = r.competition_id
where r.id = ? and r.status = 'CONFIRMED' and c.deleted_at is null
  and c.start_date = ?::timestamptz`;
