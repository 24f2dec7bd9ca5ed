import type { AppLoadContext } from "@remix-run/node";
import { browse, findUser, markHeld, showNext } from "~/web/index.server";

/** The competitions that an address asks for, and what comes next for the visitor. */
export async function discover(request: Request, context: AppLoadContext) {
  const asker = findUser(request, context);
  const list = browse(request, context);
  const [user, found, next] = await Promise.all([
    asker,
    list,
    // Not between somebody and what they look for.
    Promise.all([asker, list]).then(([user, { q, tag, page, when }]) =>
      q || tag || page > 1 || when !== "open" ? [] : showNext(user, context),
    ),
  ]);
  const items = await markHeld(user, found.items);
  return { ...found, items, next, role: user?.role ?? null };
}
