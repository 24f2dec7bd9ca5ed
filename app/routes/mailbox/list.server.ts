import { listMailbox } from "~/domain/mail/index.server";
import { requireUser } from "~/web/index.server";

const SHOWN = 100;

/** The newest mail that the visitor was sent. */
export async function showMailbox(request: Request) {
  const user = await requireUser(request);
  const mails = await listMailbox({ userId: user.id, limit: SHOWN });
  return {
    email: user.email,
    mails: mails.map(({ id, subject, sentAt }) => ({ id, subject, sentAt })),
  };
}
