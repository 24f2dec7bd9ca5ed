import { composeProof } from "~/domain/accounts/index.server";
import {
  type ClaimedMail,
  claimDueMail,
  completeMail,
  SMTP_CONNECTIONS,
  sendClaimed,
  sweepDeliveries,
} from "~/domain/mail/index.server";
import { env } from "~/platform/env";
import { log } from "~/platform/log";
import { counter } from "~/platform/metrics";
import { namedIn } from "~/platform/origin";
import { traced } from "~/platform/trace";
import { every, type Loop } from "./every";
import { pauseWhileInTrouble } from "./pause";

const attempts = counter({
  name: "smtp_attempts_total",
  help: "Attempts to send mail by SMTP by what became of them, and why",
  labelNames: ["outcome", "reason"],
});

/** Starts sending what is queued for the SMTP server, if there is one. */
export function startSmtpSender(): Loop[] {
  if (!env().SMTP_URL) return [];
  return [sending(), every({ name: "sweep-deliveries", ms: 60_000 }, sweep)];
}

/** The attempt as a part of the trace that began with the request. */
const sendTraced = traced({ name: "send mail by SMTP", kind: "client" }, (mail: ClaimedMail) =>
  sendClaimed(mail),
);

function sending(): Loop {
  const underWay = new Set<Promise<void>>();
  const pause = pauseWhileInTrouble();

  /** Looks again at once if more mail was due than there was room for, as soon as there is room. */
  async function pass(): Promise<"again" | undefined> {
    const room = Math.min(pause.most(), SMTP_CONNECTIONS) - underWay.size;
    if (room <= 0) return undefined;
    const claimed = await claimDueMail({ limit: room });
    for (const mail of claimed) start(mail);
    if (claimed.length < room) return undefined;
    await Promise.race(underWay);
    return "again";
  }

  function start(mail: ClaimedMail): void {
    const sent = send(mail)
      .catch((error) => log.error({ err: error, mailId: mail.mailId }, "mail not sent"))
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
  }

  async function send(claimed: ClaimedMail): Promise<void> {
    const mail = await completeMail(claimed, { composeProof });
    if (!mail) return;
    const outcome = await sendTraced(mail);
    const { result } = outcome;
    const reason = "reason" in outcome ? outcome.reason : "";
    attempts.inc({ outcome: result, reason });
    const isServers = result === "retry" && outcome.isServers;
    const turn = isServers ? pause.trouble() : pause.fine();
    if (turn === "begins" && "said" in outcome) {
      log.error({ reason, said: outcome.said }, "the SMTP server takes no mail");
    }
    if (turn === "ends") log.info("the SMTP server takes mail again");
    if (result === "sent") log.info({ mailId: mail.mailId, ...namedIn(mail.origin) }, "mail sent");
    if ("said" in outcome && !isServers) {
      const { mailId, attempt, origin } = mail;
      const line = { mailId, ...namedIn(origin), attempt, reason, said: outcome.said };
      log.warn(line, result === "refused" ? "mail refused" : "mail not taken");
    }
  }

  const loop = every({ name: "smtp", ms: 250 }, pass);
  return {
    async stop() {
      await loop.stop();
      await Promise.all(underWay);
    },
  };
}

async function sweep(): Promise<undefined> {
  const { unknown, gaveUp } = await sweepDeliveries();
  if (unknown > 0) log.warn({ unknown }, "mail whose outcome nobody knows: ops mail list");
  if (gaveUp > 0) log.warn({ gaveUp }, "mail given up");
  return undefined;
}
