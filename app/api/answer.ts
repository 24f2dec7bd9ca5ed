import { problemJson } from "~/web/index.server";
import type { Problem } from "./problem";

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

// An answer is for one person at one moment, and nothing in it is to be run.
const ALWAYS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

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
  problem: Problem,
  request: { requestId: string; path: string },
): WireAnswer {
  return {
    status: problem.status,
    headers: {
      ...ALWAYS,
      "x-request-id": request.requestId,
      "content-type": "application/problem+json; charset=utf-8",
      ...problem.headers,
    },
    body: problemJson(problem, request),
  };
}
