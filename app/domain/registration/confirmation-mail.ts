import * as z from "zod";
import { formatUtc, type MailMessage, renderMail } from "~/domain/mail/index.server";
import { inBatches } from "~/platform/batch";
import { publicUrl } from "~/platform/env";
import { database } from "~/platform/orm";

const payloadSchema = z.object({ registrationId: z.guid() });

/**
 * Tells a participant that a seat is theirs.
 *
 * @returns null when the registration was cancelled, or its competition deleted, before its mail left
 */
export async function composeConfirmation(payload: unknown): Promise<MailMessage | null> {
  const { registrationId } = payloadSchema.parse(payload);
  const found = await findConfirmed(registrationId);
  if (!found || found.competition.isDeleted) return null;
  const { seatNo, user, competition } = found;
  const rendered = renderMail({
    subject: `Registration confirmed: ${competition.title}`,
    heading: "You are registered",
    paragraphs: [`Hello ${user.name},`, `a seat at ${competition.title} is yours.`],
    details: [
      ["Competition", competition.title],
      ["Starts", competition.startDate ? formatUtc(competition.startDate) : "to be announced"],
      ["Your seat", String(seatNo)],
      ["Organizer", competition.organizerName],
    ],
    action: {
      label: "See the competition",
      url: `${publicUrl()}/competitions/${competition.id}`,
    },
  });
  const topic = `confirmation:${competition.id}`;
  return { userId: user.id, to: user.email, topic, ...rendered };
}

/** A confirmed registration with what mail about it says. */
export interface ConfirmedRegistration {
  seatNo: number;
  user: { id: string; email: string; name: string };
  competition: {
    id: string;
    title: string;
    startDate: Date | null;
    isDeleted: boolean;
    organizerName: string;
  };
}

/** A confirmed registration, or null when there is none or it was cancelled. */
export const findConfirmed = inBatches<string, ConfirmedRegistration | null>({
  most: 500,
  async run(registrationIds) {
    const rows: ConfirmedRow[] = await database().execute(
      `select r.id, r.seat_no, u.id as user_id, u.email, u.name, c.id as competition_id, c.title,
         c.start_date, c.deleted_at is not null as deleted, o.name as organizer
       from registration r
       join "user" u on u.id = r.user_id
       join competition c on c.id = r.competition_id
       join "user" o on o.id = c.created_by_id
       where r.id = any(?::uuid[]) and r.status = 'CONFIRMED'`,
      [`{${registrationIds.join(",")}}`],
    );
    const found = new Map(rows.map((row) => [row.id, toConfirmed(row)]));
    return registrationIds.map((id) => found.get(id.toLowerCase()) ?? null);
  },
});

function toConfirmed(row: ConfirmedRow): ConfirmedRegistration {
  return {
    seatNo: row.seat_no,
    user: { id: row.user_id, email: row.email, name: row.name },
    competition: {
      id: row.competition_id,
      title: row.title,
      startDate: row.start_date === null ? null : new Date(row.start_date),
      isDeleted: row.deleted,
      organizerName: row.organizer,
    },
  };
}

interface ConfirmedRow {
  id: string;
  seat_no: number;
  user_id: string;
  email: string;
  name: string;
  competition_id: string;
  title: string;
  start_date: string | null;
  deleted: boolean;
  organizer: string;
}
