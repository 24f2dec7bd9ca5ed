/// <reference types="@remix-run/dev" />
/// <reference types="@remix-run/node" />

import "@remix-run/server-runtime";
import type { Origin } from "./platform/origin";
import type { Reason, StandIn, Visitor } from "./web/index.server";

declare module "@remix-run/server-runtime" {
  /** Single fetch: loaders and actions keep their own types through `data()`. */
  interface Future {
    v3_singleFetch: true;
  }

  /** What the Express entry (`app/web/server.ts`) hands to every loader and action. */
  interface AppLoadContext {
    /** Content-Security-Policy nonce of this response. */
    nonce?: string;
    /** Names this request in the log, in `x-request-id` and on error pages. */
    requestId?: string;
    /** What goes along with the work that this request starts. */
    origin?: Origin | undefined;
    /** The client's address as far as TRUST_PROXY lets us believe it. */
    clientAddress?: string;
    /**
     * Fires when the client is gone. The signal of the request that a loader or an action gets does
     * so only until the collector takes the request that it was copied from.
     */
    signal?: AbortSignal;
    /** Who looks at the page, where that was looked up before it is made. */
    user?: Visitor["user"];
    /** The page is made for nobody there is, to be kept. */
    standIn?: StandIn;
    /** Why the answer is 503. */
    outage?: Reason;
    /** Where a document's action leaves the answer that it threw, for the page's loader to throw. */
    failure?: { answer?: Response } | undefined;
    /** The request's budget is spent: neither its action nor, where it has none, its loader may run. */
    tooOften?: {
      part: "loader" | "action";
      isFormKept: boolean;
      retryAfterSeconds: number;
    };
  }
}
