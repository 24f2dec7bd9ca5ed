/** What the API needs to know of a request, whichever server took it. */
export interface ApiRequest {
  method: string;
  /** The path as it was sent, percent-encoding included, without the query. */
  path: string;
  /** The query as it was sent, without its question mark. */
  query: string;
  /** A header by its name in lower case. */
  header: (name: string) => string | undefined;
  /** Reads the body once, never more of it than the limit. */
  readBody: () => Promise<BodyRead>;
  clientAddress: string | undefined;
  requestId: string;
}

/** A body, or why there is none. `gone`: the client left in the middle. */
export type BodyRead =
  | { status: "read"; bytes: Uint8Array }
  | { status: "too_long" }
  | { status: "gone" };

/** The most a body may hold, in bytes. */
export const BODY_LIMIT_BYTES = 64 * 1024;

/** A little more than that is read to its end, or the sender sees a reset and not the answer. */
export const DISCARD_LIMIT_BYTES = 1024 * 1024;

/** Whether the client announced a body (RFC 9112, section 6.3). */
export function hasBody({ header }: Pick<ApiRequest, "header">): boolean {
  return header("transfer-encoding") !== undefined || Number(header("content-length") ?? 0) > 0;
}
