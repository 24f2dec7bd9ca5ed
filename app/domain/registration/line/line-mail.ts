import * as z from "zod";
import {
  type MailContent,
  type MailContents,
  type MailMessage,
  mailTemplate,
} from "~/domain/mail/index.server";
import { publicUrl } from "~/platform/env";
import { ordinal } from "~/platform/ordinal";
import { eventUrl, writeEvent } from "../calendar/event";
import {
  findConfirmed,
  findRegistered,
  type Registered,
  type ToldCompetition,
} from "../find-registered";
import { whenAndWhere } from "../when-and-where";

const payloadSchema = z.object({ registrationId: z.guid() });
const closedSchema = payloadSchema.extend({ place: z.coerce.number().int().positive() });

/**
 * Tells somebody that they are in line, and have no seat. Where they stand changes: the page says it.
 *
 * @returns null when they left the line, or got a seat, before this mail left
 */
export async function composeJoined(payload: unknown): Promise<MailMessage | null> {
  const found = await findRegistered(payloadSchema.parse(payload).registrationId);
  if (!found || found.seatNo !== null || !found.competition.takesPlace) return null;
  const contents = joined(found.competition, { name: found.user.name });
  // Who joins and leaves in a loop hears of it once an hour.
  return { ...mailTo(found, contents), topic: `joined:${found.competition.id}` };
}

const joined = mailTemplate((competition: ToldCompetition, own: { name: string }) =>
  lineMail(competition, {
    ...own,
    subject: `You are in line: ${competition.title}`,
    heading: "You are in line",
    says: `You have no seat at ${competition.title} yet, but you are in line for one. When it is your turn, you get it automatically, and we tell you by email.`,
    label: "See your place",
  }),
);

/**
 * Tells somebody of the line that a seat is theirs.
 *
 * @returns null when they gave it back, or its competition was deleted, before this mail left
 */
export async function composePromoted(payload: unknown): Promise<MailMessage | null> {
  const found = await findConfirmed(payloadSchema.parse(payload).registrationId);
  if (!found?.competition.takesPlace) return null;
  const own = { name: found.user.name, seat: String(found.seatNo) };
  return mailTo(found, promoted(found.competition, own));
}

const promoted = mailTemplate(
  (competition: ToldCompetition, own: { name: string; seat: string }) => {
    const calendar = writeEvent(competition);
    const yours = `Good news: a seat at ${competition.title} came free, and it is yours.`;
    const mail = lineMail(competition, {
      ...own,
      subject: `You got a seat: ${competition.title}`,
      heading: "You got a seat",
      // After the deadline the organizer gives seats, and nobody can give them back.
      ...(competition.isClosed
        ? { says: yours, label: "See your seat" }
        : {
            says: `${yours} If you cannot come, please give it back, so that somebody else can have it.`,
            label: "See your seat, or give it back",
          }),
    });
    return { ...mail, calendarUrl: calendar && eventUrl(competition.id), calendar };
  },
);

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
  const own = { name: found.user.name, place: ordinal(place) };
  return mailTo(found, closed(found.competition, own));
}

const closed = mailTemplate(
  (competition: ToldCompetition, { name, place }: { name: string; place: string }) =>
    lineMail(competition, {
      name,
      subject: `Registration has closed: ${competition.title}`,
      heading: "Registration has closed",
      says: `Registration for ${competition.title} has closed, and you were ${place} in line. The organizer may still give you a seat; then we tell you by email.`,
      label: "See the competition",
    }),
);

function mailTo({ user }: Registered, contents: MailContents): MailMessage {
  return { userId: user.id, to: user.email, ...contents };
}

function lineMail(
  competition: ToldCompetition,
  mail: {
    name: string;
    seat?: string;
    subject: string;
    heading: string;
    says: string;
    label: string;
  },
): MailContent {
  const { name, seat, subject, heading, says, label } = mail;
  return {
    subject,
    heading,
    paragraphs: [`Hello ${name},`, says],
    details: [
      ["Competition", competition.title],
      ...whenAndWhere(competition),
      ...(seat === undefined ? [] : [["Your seat", seat] as [string, string]]),
      ["Organizer", competition.organizerName],
    ],
    action: { label, url: `${publicUrl()}/competitions/${competition.id}` },
  };
}
