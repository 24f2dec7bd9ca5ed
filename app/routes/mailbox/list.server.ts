import { listMailbox } from "~/domain/mail/index.server";
import { requireActor } from "~/web/index.server";

const SHOWN = 100;

/** The newest mail that the visitor was sent. */
export async function showMailbox(request: Request) {
  const actor = await requireActor(request, "list own mail");
  const mails = await listMailbox({ actor, limit: SHOWN });
  return {
    email: actor.email,
    mails: mails.map(({ id, subject, sentAt }) => ({ id, subject, sentAt })),
  };
}
