import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createTransport, type Transporter } from "nodemailer";
import { env, publicUrl } from "~/platform/env";
import { OwnError } from "~/platform/own-error";
import { existing, forget, singleton } from "~/platform/singleton";
import { parseSmtpUrl } from "~/platform/smtp-url";
import { outcomeOf, type Phase, type SmtpOutcome } from "./smtp-outcome";

/** Mails that are under way at once, each on a connection of its own. */
export const SMTP_CONNECTIONS = 5;
/** A server that is there accepts within this, and may let a stranger wait before its greeting. */
const CONNECT_MS = 10_000;
const GREETING_MS = 30_000;
/** How long all may take until the dot that ends the mail; then we hang up, and nothing was sent. */
export const PATIENCE_MS = 100_000;
/**
 * How long the server may think after that dot. Whoever hangs up then cannot know whether the mail was
 * taken, so this is what RFC 5321 (4.5.3.2.6) asks for.
 */
export const SILENCE_MS = 600_000;

/** A mail as the mailbox has it. */
export interface StoredMail {
  to: string;
  subject: string;
  body: string;
  html: string;
  /** A file for the reader's calendar. */
  calendar: string | null;
  dedupeKey: string;
}

/**
 * Sends a mail by SMTP, always under the same Message-ID, by which mail systems drop a second copy.
 *
 * @param beforeTheDot runs when the server has all of the mail but the dot that ends it, which is
 *   what it takes a mail by. False, or a failure, keeps the dot back: then nothing was sent
 */
export async function sendBySmtp({
  mail,
  beforeTheDot,
  patienceMs,
}: {
  mail: StoredMail;
  beforeTheDot: () => Promise<boolean>;
  patienceMs: number;
}): Promise<SmtpOutcome> {
  const at: { phase: Phase } = { phase: "before" };
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  const gate: Gate = {
    async handOver() {
      at.phase = "ours";
      clearTimeout(timer);
      const goes = await beforeTheDot();
      at.phase = goes ? "handed over" : "superseded";
      if (!goes) throw new OwnError("another attempt has begun");
    },
  };
  try {
    await transport().sendMail({ ...composed(mail), ...gate, signal: patience.signal });
    return { result: "sent" };
  } catch (error) {
    return outcomeOf(error, at.phase);
  } finally {
    clearTimeout(timer);
  }
}

/** Closes the connections to the server if there are any. */
export function closeSmtp(): void {
  existing<Transporter>("smtp")?.close();
  forget("smtp");
}

function composed({ to, subject, body, html, calendar, dedupeKey }: StoredMail) {
  return {
    from: env().MAIL_FROM,
    to: { name: "", address: to },
    subject,
    text: body,
    html,
    ...(calendar && {
      icalEvent: { method: methodOf(calendar), filename: "event.ics", content: calendar },
    }),
    messageId: messageId(dedupeKey),
    // RFC 3834: no out-of-office notes in reply.
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

/** What mail programs do with the event: the part's header must say the same as the file. */
function methodOf(calendar: string): string {
  return /^METHOD:(\w+)\r$/m.exec(calendar)?.[1] ?? "PUBLISH";
}

/** Of the mail itself, not of an attempt: also a worker of another release makes the same. */
function messageId(dedupeKey: string): string {
  const digest = createHash("sha256").update(dedupeKey).digest("hex").slice(0, 40);
  return `<${digest}@${new URL(publicUrl()).hostname}>`;
}

interface Gate {
  handOver: () => Promise<void>;
}

function transport(): Transporter {
  return singleton("smtp", () => {
    const transporter: Transporter = createTransport({
      ...parseSmtpUrl(env().SMTP_URL ?? ""),
      pool: true,
      maxConnections: SMTP_CONNECTIONS,
      // Of a mail that no byte was sent of, over a connection that the server had closed.
      maxRequeues: 1,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: GREETING_MS,
      dnsTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    transporter.use("stream", ({ data, message }, next) => {
      if (!hasGate(data)) return next(new OwnError("a mail without its gate"));
      message.processFunc((whole) => Readable.from(gated(whole, data)));
      next();
    });
    return transporter;
  });
}

function hasGate(data: object): data is Gate {
  return "handOver" in data && typeof data.handOver === "function";
}

/** Read from when the server asks for the mail, and as slowly as it takes it. */
async function* gated(whole: AsyncIterable<Buffer>, { handOver }: Gate) {
  yield* whole;
  await handOver();
}
