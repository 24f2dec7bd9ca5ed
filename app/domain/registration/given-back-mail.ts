import * as z from "zod";
import { type MailMessage, renderMail } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { database } from "~/platform/orm";
import { TAKES_PLACE_SQL } from "../competitions/conditions.sql";
import {
  CALENDAR_COLUMNS_SQL,
  type CalendarRow,
  CHANGES_OF_SQL,
  toCalendarFacts,
  toOwnFacts,
  writeEventOff,
} from "./calendar/event";

const payloadSchema = z.object({ registrationId: z.guid(), seatNo: z.string().regex(/^\d{1,6}$/) });

/**
 * Tells somebody, and their calendar, that the seat they gave back is no longer theirs. Whatever has become
 * of the competition since, nothing else takes the event out of the calendar.
 *
 * @returns null when they have a seat again; a place in line is none
 */
export async function composeGivenBack(payload: unknown): Promise<MailMessage | null> {
  const { registrationId, seatNo } = payloadSchema.parse(payload);
  const [found]: GivenBack[] = await database().execute(FIND, [registrationId]);
  if (!found) return null;
  const { id, title, userId, email, name, organizer, takesPlace } = found;
  const rendered = renderMail({
    subject: `You gave your seat back: ${title}`,
    heading: "You gave your seat back",
    paragraphs: [`Hello ${name},`, ...(takesPlace ? isFree(title) : isOff(title))],
    details: [
      ["Competition", title],
      ["Your seat was", seatNo],
      ["Organizer", organizer],
    ],
    action: takesPlace
      ? { label: "See the competition", url: `${publicUrl()}/competitions/${id}` }
      : { label: "Find another competition", url: `${publicUrl()}/competitions` },
  });
  const own = { changes: found.changes, changedAt: new Date(found.changedAt) };
  const calendar = await writeEventOff(registrationId, toOwnFacts(toCalendarFacts(found), own));
  // Somebody who registers and cancels in a loop hears of it once an hour.
  return { userId, to: email, topic: `given-back:${id}`, ...rendered, calendar };
}

function isFree(title: string): string[] {
  return [
    `Your seat at ${title} is free for somebody else now. Thank you for giving it back in time.`,
    "Changed your mind? You can register again while there are seats left.",
  ];
}

function isOff(title: string): string[] {
  return [`You gave back your seat at ${title}. The competition is no longer taking place.`];
}

interface GivenBack extends CalendarRow {
  userId: string;
  email: string;
  name: string;
  organizer: string;
  takesPlace: boolean;
  changes: number;
  changedAt: string;
}

const FIND = `
select ${CALENDAR_COLUMNS_SQL}, u.id as "userId", u.email, u.name, o.name as organizer,
       ${TAKES_PLACE_SQL} as "takesPlace", ${CHANGES_OF_SQL} as changes,
       r.updated_at as "changedAt"
from registration r
join "user" u on u.id = r.user_id
join competition c on c.id = r.competition_id
join "user" o on o.id = c.created_by_id
where r.id = ? and r.status = 'CANCELLED' and not exists (
  select from registration a
  where a.competition_id = r.competition_id and a.user_id = r.user_id and a.status = 'CONFIRMED')`;
