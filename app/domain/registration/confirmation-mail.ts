import * as z from "zod";
import { formatUtc, type MailMessage, renderMail } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { database } from "~/platform/orm";

const payloadSchema = z.object({ registrationId: z.guid() });

interface Confirmed {
  seat_no: number;
  user_id: string;
  email: string;
  name: string;
  competition_id: string;
  title: string;
  start_date: string | null;
  organizer: string;
}

/**
 * Tells a participant that a seat is theirs.
 *
 * @returns null when the registration was cancelled before its mail left
 */
export async function composeConfirmation(payload: unknown): Promise<MailMessage | null> {
  const { registrationId } = payloadSchema.parse(payload);
  const [found] = await database().execute<Confirmed[]>(CONFIRMED, [registrationId]);
  if (!found) return null;
  const subject = `Registration confirmed: ${found.title}`;
  const rendered = renderMail({
    subject,
    heading: "You are registered",
    paragraphs: [`Hello ${found.name},`, `a seat at ${found.title} is yours.`],
    details: [
      ["Competition", found.title],
      ["Starts", found.start_date ? formatUtc(new Date(found.start_date)) : "to be announced"],
      ["Your seat", String(found.seat_no)],
      ["Organizer", found.organizer],
    ],
    action: {
      label: "See the competition",
      url: `${publicUrl()}/competitions/${found.competition_id}`,
    },
  });
  return { userId: found.user_id, to: found.email, subject, ...rendered };
}

const CONFIRMED = `
select r.seat_no, u.id as user_id, u.email, u.name, c.id as competition_id, c.title, c.start_date,
  o.name as organizer
from registration r
join "user" u on u.id = r.user_id
join competition c on c.id = r.competition_id
join "user" o on o.id = c.created_by_id
where r.id = ? and r.status = 'CONFIRMED'`;
