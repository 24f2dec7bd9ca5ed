import { BadEnvironment } from "./bad-environment.ts";
import { parseServerUrl } from "./server-url.ts";

/** SMTP_URL as nodemailer takes it. */
export interface SmtpServer {
  host: string;
  port: number | undefined;
  /** TLS from the first byte (`smtps:`). */
  secure: boolean;
  auth?: { user: string; pass: string };
  /** Without STARTTLS nothing is sent, least of all the password. */
  requireTLS: boolean;
  /** What we call ourselves in EHLO. */
  name?: string;
  tls: { rejectUnauthorized: boolean; servername?: string };
}

const PARAMETERS = ["requireTLS", "name", "tls.rejectUnauthorized", "tls.servername"];

/**
 * Reads SMTP_URL. A URL with a password asks for STARTTLS, unless it says `requireTLS=false`.
 *
 * @throws BadEnvironment naming what is not supported
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const setting = "SMTP_URL";
  const protocols = ["smtp:", "smtps:"];
  const url = parseServerUrl(text, { setting, protocols, known: PARAMETERS });
  const { user, password, parameters } = url;
  const isOn = (parameter: string, otherwise: boolean) => {
    const value = parameters.get(parameter) ?? String(otherwise);
    if (value === "true" || value === "false") return value === "true";
    throw new BadEnvironment(`${setting}: ${parameter} must be true or false`);
  };
  const secure = url.protocol === "smtps:";
  const hasCredentials = user !== undefined || password !== undefined;
  const name = parameters.get("name");
  const servername = parameters.get("tls.servername");
  return {
    host: url.host || "localhost",
    port: url.port,
    secure,
    ...(hasCredentials && { auth: { user: user ?? "", pass: password ?? "" } }),
    requireTLS: isOn("requireTLS", hasCredentials) && !secure,
    ...(name && { name }),
    tls: {
      rejectUnauthorized: isOn("tls.rejectUnauthorized", true),
      ...(servername && { servername }),
    },
  };
}
