import * as z from "zod";
import { type MailMessage, renderMail } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { database } from "~/platform/orm";
import { TAKES_PLACE_SQL } from "../competitions/conditions.sql";

const payloadSchema = z.object({ registrationId: z.guid(), seatNo: z.string().regex(/^\d{1,6}$/) });

/**
 * Tells somebody that the seat they gave back is not theirs any more.
 *
 * @returns null when they are in again, or what the seat was for does not take place
 */
export async function composeGivenBack(payload: unknown): Promise<MailMessage | null> {
  const { registrationId, seatNo } = payloadSchema.parse(payload);
  const [found]: GivenBack[] = await database().execute(FIND, [registrationId]);
  if (!found) return null;
  const { user_id, email, name, competition_id, title, organizer } = found;
  const rendered = renderMail({
    subject: `You gave your seat back: ${title}`,
    heading: "You gave your seat back",
    paragraphs: [
      `Hello ${name},`,
      `Your seat at ${title} is free for somebody else now. Thank you for giving it back in time.`,
      "Changed your mind? You can register again while there are seats left.",
    ],
    details: [
      ["Competition", title],
      ["Your seat was", seatNo],
      ["Organizer", organizer],
    ],
    action: { label: "See the competition", url: `${publicUrl()}/competitions/${competition_id}` },
  });
  // Who registers and cancels in a loop hears of it once an hour.
  return { userId: user_id, to: email, topic: `given-back:${competition_id}`, ...rendered };
}

interface GivenBack {
  user_id: string;
  email: string;
  name: string;
  competition_id: string;
  title: string;
  organizer: string;
}

const FIND = `
select u.id as user_id, u.email, u.name, c.id as competition_id, c.title, o.name as organizer
from registration r
join "user" u on u.id = r.user_id
join competition c on c.id = r.competition_id
join "user" o on o.id = c.created_by_id
where r.id = ? and r.status = 'CANCELLED' and ${TAKES_PLACE_SQL} and not exists (
  select from registration a
  where a.competition_id = r.competition_id and a.user_id = r.user_id and a.status <> 'CANCELLED')`;
