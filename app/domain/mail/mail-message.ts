/** Mail that is ready to leave. */
export interface MailMessage {
  userId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/**
 * Makes the mail of one kind from an outbox row's payload, reading what it needs at the last moment.
 *
 * @returns null when there is nothing to send any more, such as a reminder of what was cancelled
 * @throws what zod throws when the payload is none: it goes to the dead letters at once
 */
export type MailComposer = (payload: unknown) => Promise<MailMessage | null>;

export type MailKind = "registration.confirmed" | "registration.reminder";

/** Who composes which kind. Given by the caller, since their subjects stand above this one. */
export type MailComposers = Record<MailKind, MailComposer>;

/** Mail that no repetition will deliver: it goes to the dead letters at once. */
export class UndeliverableMail extends Error {
  override name = "UndeliverableMail";
}

/** Mail that the SMTP server did not take this time: worth another attempt. */
export class MailNotTaken extends Error {
  override name = "MailNotTaken";
}
