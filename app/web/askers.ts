import { singleton } from "~/platform/singleton";

/**
 * Who makes each page request that is running, by request id, for its line in the log. Remix gives loaders
 * copies of the request, which share only its headers.
 */
const askers = () => singleton("askers", () => new Map<string, string>());

/** From now on `noteAsker` may say who makes this request; the returned function tells, and ends that. */
export function awaitAsker(requestId: string): () => string | undefined {
  askers().set(requestId, "");
  return () => {
    const userId = askers().get(requestId);
    askers().delete(requestId);
    return userId || undefined;
  };
}

/** Notes who makes a request. */
export function noteAsker({ headers }: Request, userId: string | undefined): void {
  const requestId = headers.get("x-request-id");
  if (userId && requestId && askers().has(requestId)) askers().set(requestId, userId);
}
