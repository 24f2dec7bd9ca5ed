import SMTPConnection from "nodemailer/lib/smtp-connection";
import * as z from "zod";
import { reasonOf } from "~/platform/error-facts";
import { parseSmtpUrl } from "~/platform/smtp-url";
import type { SmtpFacts } from "./judge-smtp";

const STEP_MS = 4_000;

/** Greets the mail server, as before a mail: EHLO, STARTTLS and the password, and sends nothing. */
export async function lookAtSmtp(url: string | undefined): Promise<SmtpFacts> {
  if (!url) return { status: "unset" };
  const { auth, ...server } = parseSmtpUrl(url);
  const limits = { connectionTimeout: STEP_MS, greetingTimeout: STEP_MS, socketTimeout: STEP_MS };
  const connection = new SMTPConnection({ ...server, ...limits, dnsTimeout: STEP_MS });
  try {
    const failure = await new Promise<unknown>((resolve) => {
      connection.once("error", resolve);
      connection.connect(resolve);
    });
    if (failure) return whyNot(failure);
    const isEncrypted = connection.secure;
    // Web has the user and not the password. A try without it would only look like somebody's guess.
    if (auth?.pass === "") return { status: "no_password", isEncrypted };
    if (auth) {
      const refused = await new Promise<unknown>((resolve) => {
        connection.once("error", resolve);
        connection.login({ credentials: auth }, resolve);
      });
      if (refused) return whyNot(refused);
    }
    return { status: "accepted", hasLoggedIn: auth !== undefined, isEncrypted };
  } finally {
    // An error that comes late must not end the process.
    connection.on("error", () => {});
    connection.quit();
    connection.close();
  }
}

const failureSchema = z
  .looseObject({
    code: z.string().catch(""),
    responseCode: z.number().catch(0),
    command: z.string().catch(""),
  })
  .catch({ code: "", responseCode: 0, command: "" });

/** A server's sentence may quote the user's name: its number says as much. */
function whyNot(error: unknown): SmtpFacts {
  const { code, responseCode, command } = failureSchema.parse(error);
  if (code === "EAUTH") return { status: "refused_login", reason: String(responseCode || code) };
  const own = error instanceof Error && !responseCode ? error.message : reasonOf(error);
  const reason = responseCode ? `${responseCode} at ${command || "CONN"}` : own;
  const isTls = code === "ETLS" || command === "STARTTLS" || /certificate|SSL|TLS/i.test(reason);
  if (isTls) return { status: "no_tls", reason };
  return { status: responseCode ? "failed" : "unreachable", reason };
}
