import { singleton } from "~/platform/singleton";

/**
 * Who asks, for the lines of running requests to pages, by the request's name. Remix gives loaders
 * copies of the request, which have only its headers in common.
 */
const askers = () => singleton("askers", () => new Map<string, string>());

/** Who looks at a page is told of by `noteAsker` until the returned function is called. */
export function awaitAsker(requestId: string): () => string | undefined {
  askers().set(requestId, "");
  return () => {
    const userId = askers().get(requestId);
    askers().delete(requestId);
    return userId || undefined;
  };
}

/** Tells who asks. */
export function noteAsker({ headers }: Request, userId: string | undefined): void {
  const requestId = headers.get("x-request-id");
  if (userId && requestId && askers().has(requestId)) askers().set(requestId, userId);
}
