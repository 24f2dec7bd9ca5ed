/**
 * Where work comes from: the request whose line in the log has the same id, and its trace (W3C
 * Trace Context, `traceparent`) where traces are on. Goes along as a value, from the edge through
 * outbox and job to the mail: an `AsyncLocalStorage` would make every promise cost more.
 */
export interface Origin {
  requestId: string;
  traceparent?: string | undefined;
}

/** An origin as the outbox keeps it. Rows of reminders, and of older releases, have none. */
export interface OriginColumns {
  request_id?: string | null;
  trace_parent?: string | null;
}

/** The columns of an origin, for a row that is about to be written. */
export function originColumns(origin: Origin | undefined): OriginColumns {
  return { request_id: origin?.requestId, trace_parent: origin?.traceparent };
}

/** The origin in a row. */
export function originOf({ request_id, trace_parent }: OriginColumns): Origin | undefined {
  if (!request_id) return undefined;
  return { requestId: request_id, traceparent: trace_parent ?? undefined };
}

/** For the log: the name under which an operator finds everything about a request. */
export function namedIn(origin: Origin | undefined): { requestId?: string } {
  return origin ? { requestId: origin.requestId } : {};
}
