import { listSubjects } from "~/domain/mail/index.server";
import { requireActor } from "~/web/index.server";

const SHOWN = 100;

/**
 * A page of the mail that the visitor was sent, newest first.
 *
 * @returns `older`, where the next page begins, in the address of this one
 */
export async function showMailbox(request: Request) {
  const actor = await requireActor(request, "list own mail");
  const cursor = new URL(request.url).searchParams.get("before") ?? undefined;
  // One more than is shown tells whether there is a next page.
  const found = await listSubjects({ actor, limit: SHOWN + 1, cursor });
  const mails = found.slice(0, SHOWN);
  return {
    email: actor.email,
    mails,
    older: found.length > SHOWN ? (mails.at(-1)?.id ?? null) : null,
  };
}
