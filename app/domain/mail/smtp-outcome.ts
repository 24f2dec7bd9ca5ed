import * as z from "zod";
import { reasonOf } from "~/platform/error-facts";

/** How far a mail got: `ours` when it stopped on our side, with the dot held back. */
export type Phase = "before" | "ours" | "superseded" | "handed over";

/** Why a mail did not leave this time. */
export type SmtpTrouble =
  /** The server is not reached, hangs up, or falls silent. */
  | "connection"
  /** No encrypted connection, or a certificate that nobody vouches for. */
  | "tls"
  /** The server does not know us: a wrong user or password, or none where it wants one. */
  | "authentication"
  /** It does not let us send as `MAIL_FROM`. */
  | "sender_refused"
  /** It asks to come back later (4yz): busy, full, or greylisting. */
  | "not_now"
  /** It was given all of the mail, and said nothing. */
  | "unanswered"
  /** It said what no server should say there. */
  | "protocol"
  /** Something on our side. */
  | "ours";

/** What became of an attempt. `code` and `said` are numbers and our own words, no text of a server. */
export type SmtpOutcome =
  | { result: "sent" }
  /** Another attempt was begun since. */
  | { result: "superseded" }
  | {
      result: "refused";
      reason: "recipient_refused" | "message_refused";
      code: string | null;
      said: string;
    }
  | {
      result: "retry";
      reason: SmtpTrouble;
      code: string | null;
      said: string;
      /** Any other mail would have met the same. */
      isServers: boolean;
    };

/**
 * What an error of the mail library means for the mail. Only a refusal of this recipient or of this
 * mail ends it; what the server refuses us, or all mail, is trouble that an operator mends.
 */
export function outcomeOf(error: unknown, phase: Phase): SmtpOutcome {
  if (phase === "superseded") return { result: "superseded" };
  const facts = smtpError.parse(error);
  const told = tell(error, facts);
  if (phase === "ours") return { result: "retry", reason: "ours", isServers: false, ...told };
  const reason = refusalOf(facts);
  if (reason) return { result: "refused", reason, ...told };
  if (phase === "handed over" && facts.responseCode === 0) {
    return { result: "retry", reason: "unanswered", isServers: false, ...told };
  }
  return { result: "retry", reason: troubleOf(facts), isServers: isServers(facts), ...told };
}

type Facts = z.infer<typeof smtpError>;

/** Asks for a password, or does not know the command (RFC 5321, 4954): of no single mail. */
const OF_ALL_MAIL = [500, 502, 503, 530, 534, 535, 538];

function refusalOf({ code, responseCode, command, message }: Facts) {
  const isRefused = responseCode >= 500 && !OF_ALL_MAIL.includes(responseCode);
  // Without an answer it is the library that finds the address, or the length, impossible.
  const isImpossible = responseCode === 0 && !isOfSender(message);
  if (code === "EENVELOPE" && (isRefused ? command === "RCPT TO" : isImpossible)) {
    return "recipient_refused";
  }
  if (isRefused ? command === "DATA" : code === "EMESSAGE" && isImpossible) {
    return "message_refused";
  }
  return null;
}

/** The library finds `MAIL_FROM` impossible. */
function isOfSender(message: string): boolean {
  return message.startsWith("Invalid sender");
}

function troubleOf({ code, responseCode, command, originalCode, message }: Facts): SmtpTrouble {
  if (/^E(?:NO)?AUTH$/.test(code) || [530, 534, 535, 538].includes(responseCode)) {
    return "authentication";
  }
  if (/TLS$/.test(code) || /TLS|SSL|CERT|SIGNATURE/.test(originalCode)) return "tls";
  if (responseCode >= 400 && responseCode < 500) return "not_now";
  if (responseCode >= 500 ? command === "MAIL FROM" : isOfSender(message)) return "sender_refused";
  if (responseCode > 0 || code === "EPROTOCOL") return "protocol";
  return /^E(?:CONNECTION|SOCKET|TIMEDOUT|DNS|ABORT)$/.test(code) ? "connection" : "ours";
}

function isServers({ responseCode, command, message }: Facts): boolean {
  return responseCode === 421 || isOfSender(message) || !/^(?:RCPT TO|DATA|API)$/.test(command);
}

/**
 * Servers quote address and mail in their refusals, which must reach neither logs nor dead letters.
 * The numbers say what happened (RFC 3463: 5.1.1 is an unknown address, 4.2.2 a full mailbox), and
 * the command at which.
 */
function tell(error: unknown, { responseCode, response, command }: Facts) {
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  const code = responseCode ? [responseCode, enhanced].filter(Boolean).join(" ") : null;
  const at = /^(?:CONN|EHLO|HELO|STARTTLS|AUTH|MAIL FROM|RCPT TO|DATA)\b/.exec(command)?.[0];
  // Without an answer of the server these are Node's own words, about the host or its certificate.
  const isNodes = /^(?:CONN|STARTTLS)$/.test(command) && response === "" && error instanceof Error;
  const words = code ?? (isNodes ? error.message : reasonOf(error));
  return { code, said: `SMTP: ${[words, at && `at ${at}`].filter(Boolean).join(" ")}` };
}

/** What nodemailer's errors say of the server's answer. */
const smtpError = z
  .looseObject({
    code: z.string().catch(""),
    originalCode: z.string().catch(""),
    responseCode: z.number().catch(0),
    response: z.string().catch(""),
    command: z.string().catch(""),
    message: z.string().catch(""),
  })
  .catch({
    code: "",
    originalCode: "",
    responseCode: 0,
    response: "",
    command: "",
    message: "",
  });
