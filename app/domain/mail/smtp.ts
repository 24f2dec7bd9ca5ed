import { createHash } from "node:crypto";
import { createTransport, type Transporter } from "nodemailer";
import * as z from "zod";
import { env, publicUrl } from "~/platform/env";
import { reasonOf } from "~/platform/error-facts";
import { existing, forget, singleton } from "~/platform/singleton";
import { parseSmtpUrl } from "~/platform/smtp-url";
import { type MailMessage, MailNotTaken, UndeliverableMail } from "./messages";

/** Milliseconds for each step of a conversation with the server. */
const CONNECT_MS = 5_000;
const SILENCE_MS = 15_000;

/**
 * Sends the mail by SMTP, if `SMTP_URL` is set. At least once: after a crash it may be sent again,
 * under the same Message-ID, by which mail systems drop the second copy.
 *
 * @throws UndeliverableMail when the server refuses the address or the mail for good (RFC 5321,
 *   5yz), MailNotTaken when it does not take it now
 */
export async function sendBySmtp({
  message,
  dedupeKey,
}: {
  message: MailMessage;
  dedupeKey: string;
}): Promise<void> {
  const { SMTP_URL } = env();
  if (!SMTP_URL) return;
  try {
    await transport(SMTP_URL).sendMail({
      from: env().MAIL_FROM,
      to: { name: "", address: message.to },
      subject: message.subject,
      text: message.text,
      html: message.html,
      messageId: messageId(dedupeKey),
      // RFC 3834: no out-of-office notes in reply.
      headers: { "Auto-Submitted": "auto-generated" },
    });
  } catch (error) {
    throw toSpeakable(error);
  }
}

/** Closes the connections to the server if there are any. */
export function closeSmtp(): void {
  existing<Transporter>("smtp")?.close();
  forget("smtp");
}

/** One Message-ID per mail, however often it is sent. */
function messageId(dedupeKey: string): string {
  const digest = createHash("sha256").update(dedupeKey).digest("hex").slice(0, 40);
  return `<${digest}@${new URL(publicUrl()).hostname}>`;
}

function transport(url: string): Transporter {
  return singleton("smtp", () =>
    createTransport({
      ...parseSmtpUrl(url),
      pool: true,
      maxConnections: 5,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      dnsTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    }),
  );
}

/**
 * Servers quote address and mail in their refusals, which must reach neither logs nor the queue. The
 * numbers say what happened (RFC 3463: 5.1.1 is an unknown address, 4.2.2 a full mailbox), and the
 * command at which.
 */
function toSpeakable(error: unknown): Error {
  const { code, responseCode, response, command } = smtpError.parse(error);
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const at = /^(?:CONN|EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO|DATA)\b/.exec(command)?.[0];
  // Without an answer of the server these are Node's own words, about the host or its certificate.
  const isNodes = /^(?:CONN|STARTTLS)$/.test(command) && response === "" && error instanceof Error;
  const reason = isNodes ? error.message : reasonOf(error);
  const words = responseCode ? [responseCode, enhanced] : [reason];
  const said = `SMTP: ${[...words, at && `at ${at}`].filter(Boolean).join(" ")}`;
  const isRefused = responseCode >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");
  return isRefused ? new UndeliverableMail(said) : new MailNotTaken(said);
}

/** What nodemailer's errors say of the server's answer. */
const smtpError = z
  .looseObject({
    code: z.string().catch(""),
    responseCode: z.number().catch(0),
    response: z.string().catch(""),
    command: z.string().catch(""),
  })
  .catch({ code: "", responseCode: 0, response: "", command: "" });
