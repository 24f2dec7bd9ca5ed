import { OwnError } from "~/platform/own-error";

/** The kinds of mail, and the fields of their payloads: ids and dates, never addresses. */
export interface MailPayloads {
  "account.verification": "userId";
  "registration.confirmed": "registrationId";
  "registration.competition_deleted": "registrationId";
  "registration.competition_cancelled": "registrationId";
  "registration.competition_changed": "registrationId" | "changeId";
  "registration.given_back": "registrationId" | "seatNo";
  "registration.reminder": "registrationId" | "startDate";
  "registration.joined": "registrationId";
  "registration.promoted": "registrationId";
  "registration.line_closed": "registrationId" | "place";
}

export type MailKind = keyof MailPayloads;

/** Mail that is ready to be sent. */
export interface MailMessage {
  userId: string;
  to: string;
  /** What it is about, where the same may happen in a loop: one mail an hour tells of it. */
  topic?: string;
  /**
   * It asks whether the address is its reader's, so it is sent before anybody knows. What proves it
   * is not in here, which goes into the mailbox, but is made when the mail is sent.
   */
  isProof?: true;
  subject: string;
  text: string;
  html: string;
  /** An event for the reader's calendar, as a file of it (RFC 5545). */
  calendar?: string | null;
}

/** What a mail says. */
export type MailContents = Pick<MailMessage, "subject" | "text" | "html" | "calendar">;

/**
 * Makes the mail of one kind from an outbox row's payload, reading what it needs at the last moment.
 *
 * @returns null when there is nothing to send any more, such as a reminder of what was cancelled
 * @throws ZodError when the payload is malformed: the mail becomes a dead letter without a retry
 */
export type MailComposer = (payload: unknown) => Promise<MailMessage | null>;

/** Who composes which kind. Given by the caller, since those subjects stand above this one. */
export type MailComposers = Partial<Record<MailKind, MailComposer>>;

/** Mail that no further attempt will deliver: it becomes a dead letter without a retry. */
export class UndeliverableMail extends OwnError {
  override name = "UndeliverableMail";
}
