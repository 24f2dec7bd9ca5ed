import { createHash } from "node:crypto";
import { createTransport, type Transporter } from "nodemailer";
import { env, publicUrl } from "~/platform/env";
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

/** Servers quote the address in their refusals; it must reach neither logs nor the queue. */
function toSpeakable(error: unknown): Error {
  if (!(error instanceof Error)) return new MailNotTaken(String(error));
  const said = `SMTP: ${error.message.replace(/[^\s<>"']+@[^\s<>"',;]+/g, "[address]")}`;
  const code = "responseCode" in error ? Number(error.responseCode) : 0;
  const step = "code" in error ? error.code : "";
  const isRefused = code >= 500 && (step === "EENVELOPE" || step === "EMESSAGE");
  return isRefused ? new UndeliverableMail(said) : new MailNotTaken(said);
}
