import { findMail } from "~/domain/mail/index.server";
import { notFound, requireUser } from "~/web/index.server";

/**
 * One mail.
 *
 * @throws Response 404 to anybody but the person it was sent to
 */
export async function showMail(request: Request, id: string | undefined) {
  const user = await requireUser(request);
  const mail = await findMail({ id: id ?? "", userId: user.id });
  if (!mail) throw notFound();
  const { subject, to, body, sentAt } = mail;
  return { mail: { subject, to, body, sentAt } };
}
