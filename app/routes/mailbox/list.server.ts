import { listSubjects } from "~/domain/mail/index.server";
import { readListQuery, requireActor } from "~/web/index.server";

const SHOWN = 100;

/**
 * A page of the mail that the visitor was sent.
 *
 * @returns `after`, behind what the next page begins, in the address of this one
 */
export async function showMailbox(request: Request) {
  const actor = await requireActor(request, "list own mail");
  const { q, sort, after } = readListQuery(request, "mail");
  // One more than is shown tells whether there is a next page.
  const found = await listSubjects({ actor, limit: SHOWN + 1, after, q, sort });
  const mails = found.slice(0, SHOWN);
  return {
    email: actor.email,
    q,
    sort,
    mails,
    after: found.length > SHOWN ? (mails.at(-1)?.id ?? null) : null,
  };
}
