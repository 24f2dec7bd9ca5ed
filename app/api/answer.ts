import { STATUS_CODES } from "node:http";
import type { Refusal } from "./problem";

/** What an endpoint answers when it does what it was asked. */
export interface Answer {
  status: 200 | 201 | 204;
  body?: object;
  /** In place of `body`, JSON that was made before. */
  json?: string;
  headers?: Record<string, string>;
}

/** An answer as it goes over the wire; header names are in lower case. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

// Answers are about one person and one moment, and nothing in them is to be run.
const ALWAYS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
const LONGEST_INSTANCE = 500;

/** An endpoint's answer on the wire. */
export function wireAnswer(answer: Answer, requestId: string): WireAnswer {
  const { status, headers } = answer;
  const common = { ...ALWAYS, "x-request-id": requestId };
  const body = answer.json ?? (answer.body && JSON.stringify(answer.body));
  if (body === undefined) return { status, headers: { ...common, ...headers }, body: "" };
  return {
    status,
    headers: { ...common, "content-type": "application/json; charset=utf-8", ...headers },
    body,
  };
}

/** A refusal on the wire, as problem details (RFC 9457). */
export function wireProblem(
  { status, code, detail, errors, headers }: Refusal,
  { requestId, path }: { requestId: string; path: string },
): WireAnswer {
  const problem = {
    type: "about:blank",
    title: STATUS_CODES[status],
    status,
    detail,
    instance: path.slice(0, LONGEST_INSTANCE),
    code,
    requestId,
    // The contract promises the list with every 400.
    errors: errors ?? (status === 400 ? [{ field: "", message: detail }] : undefined),
  };
  return {
    status,
    headers: {
      ...ALWAYS,
      "x-request-id": requestId,
      "content-type": "application/problem+json; charset=utf-8",
      ...headers,
    },
    body: JSON.stringify(problem),
  };
}
