import { findMail } from "~/domain/mail/index.server";
import { notFound, publicUrl, requireActor } from "~/web/index.server";

/**
 * One mail.
 *
 * @throws Response 404 to anybody but the person it was sent to
 */
export async function showMail(request: Request, id: string | undefined) {
  const actor = await requireActor(request, "read mail");
  const mail = await findMail({ actor, id: id ?? "" });
  if (!mail) throw notFound();
  const { subject, to, body, sentAt } = mail;
  return { mail: { subject, to, body, sentAt }, site: publicUrl() };
}
