import {
  type DeliveryReplay,
  type DeliveryState,
  type DeliveryView,
  listDeliveries,
  measureDeliveries,
  replayDelivery,
} from "~/domain/mail/index.server";

/** `ops mail list`: mail that has not left by SMTP, or mail of one state. */
export async function listMail({
  state,
}: {
  state?: DeliveryState;
}): Promise<{ data: DeliveryView[]; head: string[]; rows: string[][] }> {
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
  return { data, head: ["ID", "STATE", "REASON", "CODE", "ATTEMPTS", "QUEUED", "NEXT"], rows };
}

const SENTENCES: Record<DeliveryReplay["status"], string> = {
  replayed: "Queued: the worker sends it within a second.",
  nothing_to_send: "Only mail that is refused or unknown is sent again.",
  not_found: "No mail of this id was to be sent by SMTP.",
};

/** `ops mail replay ID`: sends a mail again that was refused, or that nobody knows about. */
export async function replayMail(mailId: string): Promise<DeliveryReplay & { sentence: string }> {
  const { status } = await replayDelivery({ mailId });
  return { status, sentence: SENTENCES[status] };
}

/** What `ops status` says of mail on its way to the SMTP server. */
export async function deliveryStatus() {
  const { states, oldestSeconds } = await measureDeliveries();
  const { queued = 0, sending = 0, refused = 0, unknown = 0, waits_for_verification = 0 } = states;
  return { queued, sending, refused, unknown, waits_for_verification, oldestSeconds };
}
