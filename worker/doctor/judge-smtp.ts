import { advice, bad, good, type Verdict } from "./verdict";

/** How far a conversation with the mail server came, without any mail. */
export type SmtpFacts =
  | { status: "unset" }
  | { status: "accepted"; hasLoggedIn: boolean; isEncrypted: boolean }
  /** The settings name a user and no password: as far as one comes without logging in. */
  | { status: "no_password"; isEncrypted: boolean }
  /** `reason`: the system's words, or the numbers of the server's answer. */
  | { status: "unreachable" | "no_tls" | "refused_login" | "failed"; reason: string };

export function judgeSmtp(facts: SmtpFacts): Verdict {
  const check = "SMTP";
  switch (facts.status) {
    case "unset":
      return good(check, "SMTP_URL is not set: mail stays in the mailbox of the site.");
    case "accepted": {
      const how = facts.isEncrypted ? "encrypted" : "not encrypted";
      return good(
        check,
        `The server answers, ${how}${facts.hasLoggedIn ? ", and logs us in" : ""}.`,
      );
    }
    case "no_password": {
      const mend = "Run this where the worker runs, with its settings, to have the password tried.";
      return advice(check, "The server answers; for its user there is no password here.", mend);
    }
    case "unreachable": {
      const mend = "Correct host and port of SMTP_URL, or let the network through. Mail waits.";
      return bad(check, `The server cannot be reached: ${facts.reason}.`, mend);
    }
    case "no_tls": {
      const mend =
        "Use a server with STARTTLS and a certificate that fits, or see ?tls.servername.";
      return bad(check, `No encrypted connection: ${facts.reason}.`, mend);
    }
    case "refused_login": {
      const mend = "Correct the user in SMTP_URL, and SMTP_PASSWORD or the password in the URL.";
      return bad(check, `The server refuses our user and password: ${facts.reason}.`, mend);
    }
    case "failed":
      return bad(check, `The server does not serve us: ${facts.reason}.`, "Ask who runs it.");
  }
}

export function judgeSender(from: string, isSet: boolean): Verdict[] {
  if (!isSet || !/\.(example|invalid|test)>?$/.test(from)) return [];
  const mend = "Set MAIL_FROM to an address of yours.";
  return [advice("MAIL_FROM", "Mail comes from an address that cannot exist.", mend)];
}
