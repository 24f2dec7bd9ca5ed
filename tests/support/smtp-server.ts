import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/**
 * A real SMTP server for one test file. Import it first: what is imported after it finds it in
 * `SMTP_URL`.
 */
export const smtp = {
  /** Raw mail, as it came. */
  received: [] as string[],
  /** What the server says to a recipient; null takes it. */
  answer: (_address: string): Error | null => null,
  stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
};

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onRcptTo: ({ address }, _session, callback) => callback(smtp.answer(address)),
  onData(stream, _session, callback) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      smtp.received.push(Buffer.concat(chunks).toString("utf8"));
      callback();
    });
  },
});

await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.server.address() as AddressInfo;
process.env.SMTP_URL = `smtp://127.0.0.1:${port}`;
