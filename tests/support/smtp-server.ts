import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/**
 * A real SMTP server for one test file. Import it first: what is imported after it finds it in
 * `SMTP_URL`.
 */
export const smtp = {
  /** Raw mail, as it came. */
  received: [] as string[],
  /** What the server says to a recipient; null takes it. */
  answer: (_address: string): Error | null => null,
  /** What it says to a whole mail, which it has by then; null takes it. */
  atData: (): Error | null => null,
  /** What it says to a password. */
  atPassword: (): Error | null => null,
  /** Takes everything again, and forgets what it was sent. */
  reset() {
    const nothing = { received: [], encrypted: [], passwords: [] };
    const taken = () => null;
    Object.assign(smtp, nothing, { answer: taken, atData: taken, atPassword: taken });
  },
  /** Whether each mail's connection was encrypted. */
  encrypted: [] as boolean[],
  /** Passwords that were shown. */
  passwords: [] as string[],
  stop: () => Promise.all(servers.map(close)),
};

const servers: SMTPServer[] = [];

/** Starts another one, which takes whatever password it is shown. @returns its port */
export async function startSmtpServer(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    ...options,
    onAuth({ username, password }, _session, callback) {
      smtp.passwords.push(password ?? "");
      const refusal = smtp.atPassword();
      if (refusal) callback(refusal);
      else callback(null, { user: username });
    },
    onRcptTo: ({ address }, _session, callback) => callback(smtp.answer(address)),
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        smtp.received.push(Buffer.concat(chunks).toString("utf8"));
        smtp.encrypted.push(session.secure);
        callback(smtp.atData());
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return (server.server.address() as AddressInfo).port;
}

function close(server: SMTPServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** As the server says it: `refusal(451, "4.7.1 come back later")`. */
export function refusal(responseCode: number, text = "no"): Error {
  return Object.assign(new Error(text), { responseCode });
}

process.env.SMTP_URL = `smtp://127.0.0.1:${await startSmtpServer({ disabledCommands: ["STARTTLS", "AUTH"] })}`;
