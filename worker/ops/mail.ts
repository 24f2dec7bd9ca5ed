import {
  type DeliveryReplay,
  type DeliveryState,
  listDeliveries,
  measureDeliveries,
  replayDelivery,
} from "~/domain/mail/index.server";

/** How the commands lay out what people read. */
type Table = (head: string[], rows: string[][]) => string;

/** `ops mail list`: mail that has not left by SMTP, or mail of one state. */
export async function listMail({ state }: { state?: DeliveryState }, table: Table) {
  const data = await listDeliveries({ state });
  const rows = data.map((mail) => [
    mail.mailId,
    mail.state,
    mail.reason ?? "-",
    mail.smtpCode ?? "-",
    String(mail.attempts),
    mail.queuedAt.toISOString(),
    mail.nextAt?.toISOString() ?? "-",
  ]);
  const head = ["ID", "STATE", "REASON", "CODE", "ATTEMPTS", "QUEUED", "NEXT"];
  return { exitCode: 0 as const, data, text: rows.length === 0 ? "No mail." : table(head, rows) };
}

const SENTENCES: Record<DeliveryReplay["status"], string> = {
  replayed: "Queued: the worker sends it within a second.",
  nothing_to_send: "Only mail that is refused or unknown is sent again.",
  not_found: "No mail of this id was to be sent by SMTP.",
};

/** `ops mail replay ID`: sends a mail again that was refused, or that nobody knows about. */
export async function replayMail(mailId: string) {
  const { status } = await replayDelivery({ mailId });
  const text = SENTENCES[status];
  if (status === "replayed") return { exitCode: 0 as const, data: { status }, text };
  return { exitCode: 1 as const, data: { status, message: text }, text };
}

/** What `ops status` counts of mail on its way to the SMTP server. */
export async function deliveryStatus() {
  const { states, oldestSeconds } = await measureDeliveries();
  const { queued = 0, sending = 0, refused = 0, unknown = 0, waits_for_verification = 0 } = states;
  return { queued, sending, refused, unknown, waits_for_verification, oldestSeconds };
}

/** The same for people. */
export function describeDeliveries(
  { oldestSeconds, ...states }: Awaited<ReturnType<typeof deliveryStatus>>,
  table: Table,
): string {
  const head = Object.keys(states).map((state) => state.replaceAll("_", " ").toUpperCase());
  const row = [...Object.values(states).map(String), `${Math.round(oldestSeconds)} s`];
  return `By SMTP\n${table([...head, "OLDEST"], [row])}`;
}
