import * as z from "zod";
import { type MailMessage, renderMail } from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { ordinal } from "~/platform/ordinal";
import { eventUrl, writeEvent } from "../calendar/event";
import { findConfirmed, findRegistered } from "../find-registered";
import { whenAndWhere } from "../when-and-where";

const payloadSchema = z.object({ registrationId: z.guid() });
const closedSchema = payloadSchema.extend({ place: z.coerce.number().int().positive() });

type Found = NonNullable<Awaited<ReturnType<typeof findRegistered>>>;

/**
 * Tells somebody that they are in line, and have no seat. Where they stand changes: the page says it.
 *
 * @returns null when they left the line, or got a seat, before this mail left
 */
export async function composeJoined(payload: unknown): Promise<MailMessage | null> {
  const found = await findRegistered(payloadSchema.parse(payload).registrationId);
  if (!found || found.seatNo !== null || !found.competition.takesPlace) return null;
  return lineMail(found, {
    subject: `You are in line: ${found.competition.title}`,
    heading: "You are in line",
    says: `You have no seat at ${found.competition.title} yet, but you are in line for one. When it is your turn, you get it automatically, and we tell you by mail.`,
    label: "See your place",
  });
}

/**
 * Tells somebody of the line that a seat is theirs.
 *
 * @returns null when they gave it back, or its competition was deleted, before this mail left
 */
export async function composePromoted(payload: unknown): Promise<MailMessage | null> {
  const found = await findConfirmed(payloadSchema.parse(payload).registrationId);
  if (!found?.competition.takesPlace) return null;
  return lineMail(found, {
    subject: `You got a seat: ${found.competition.title}`,
    heading: "You got a seat",
    says: `Good news: a seat at ${found.competition.title} came free, and it is yours. If you cannot come, please give it back, so that somebody else can have it.`,
    label: "See your seat, or give it back",
  });
}

/**
 * Tells somebody who is still in line that registration has closed.
 *
 * @returns null when they are not in line any more, or it is open again
 */
export async function composeLineClosed(payload: unknown): Promise<MailMessage | null> {
  const { registrationId, place } = closedSchema.parse(payload);
  const found = await findRegistered(registrationId);
  if (!found || found.seatNo !== null || !found.competition.takesPlace) return null;
  if (!found.competition.isClosed) return null;
  return lineMail(found, {
    subject: `Registration has closed: ${found.competition.title}`,
    heading: "Registration has closed",
    says: `Registration for ${found.competition.title} has closed, and you were ${ordinal(place)} in line. The organizer may still give you a seat; then we tell you by mail.`,
    label: "See the competition",
  });
}

function lineMail(
  { user, seatNo, competition }: Found,
  mail: { subject: string; heading: string; says: string; label: string },
): MailMessage {
  const { subject, heading, says, label } = mail;
  const calendar = seatNo === null ? null : writeEvent(competition);
  const rendered = renderMail({
    subject,
    heading,
    paragraphs: [`Hello ${user.name},`, says],
    details: [
      ["Competition", competition.title],
      ...whenAndWhere(competition),
      ...(seatNo === null ? [] : [["Your seat", String(seatNo)] as [string, string]]),
      ["Organizer", competition.organizerName],
    ],
    action: { label, url: `${publicUrl()}/competitions/${competition.id}` },
    calendarUrl: calendar && eventUrl(competition.id),
  });
  return { userId: user.id, to: user.email, ...rendered, calendar };
}
