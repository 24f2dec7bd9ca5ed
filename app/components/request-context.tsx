import { createContext, useContext } from "react";
import type { PAGE_SCRIPTS } from "./page-scripts";

interface RequestContextValue {
  /** Of this response's Content-Security-Policy. */
  nonce?: string;
  requestId?: string;
  /** Scripts that run before anything is painted. React leaves them alone, so browsers need no second copy. */
  scripts?: typeof PAGE_SCRIPTS;
}

const RequestContext = createContext<RequestContextValue>({});

/** Hands what belongs to this one response to the parts of the page that need it. */
export const RequestContextProvider = RequestContext.Provider;

/**
 * What belongs to this response. In the browser, which hides a nonce from scripts, only the request
 * id is known: put `suppressHydrationWarning` on elements that carry the rest.
 */
export function useRequestContext(): RequestContextValue {
  return useContext(RequestContext);
}
