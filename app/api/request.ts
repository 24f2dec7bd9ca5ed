import type { FieldError } from "~/domain/error";
import type { Origin } from "~/platform/origin";
import type { BodyRead } from "~/web/index.server";
import { type Problem, refuse, refuseFields } from "./problem";

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
  /** A signal that fires when the client is gone before it has its answer. */
  leaving: () => AbortSignal;
  requestId: string;
  origin: Origin;
  /** Tells who asks, for the request's line in the log. */
  noteUser: (id: string | undefined) => void;
  /** The endpoint's path with `:id`, once it is found. */
  route?: string;
}

/** A query string as an object. Refuses what is ambiguous, and what Postgres could not take. */
export function readQuery(
  query: string,
): { values: Record<string, string> } | { errors: FieldError[] } {
  const values: Record<string, string> = Object.create(null);
  if (query === "") return { values };
  const errors: FieldError[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    const field = name.slice(0, 100);
    if (name in values) errors.push({ field, message: "Send this parameter once." });
    if (value.includes("\0")) errors.push({ field, message: "NUL characters are not allowed." });
    values[name] = value;
  }
  return errors.length > 0 ? { errors: errors.slice(0, 20) } : { values };
}

/**
 * Reads a JSON body. `value` is undefined when the client sent none; a JSON null is null.
 *
 * @returns `gone` when the client left before all of it arrived
 */
export async function readJson(
  request: ApiRequest,
): Promise<{ value: unknown } | { problem: Problem } | "gone"> {
  if (!hasBody(request)) return { value: undefined };
  if (!isJson(request)) return { problem: unsupported() };
  const body = await request.readBody();
  if (body.status === "gone") return "gone";
  if (body.status === "too_long") return { problem: tooLong() };
  if (body.bytes.length === 0) return { value: undefined };
  return parse(body.bytes);
}

/** Whether the client announced a body (RFC 9112, section 6.3). */
function hasBody({ header }: ApiRequest): boolean {
  return header("transfer-encoding") !== undefined || Number(header("content-length") ?? 0) > 0;
}

/** JSON in UTF-8 and uncompressed: nothing else can be read here. */
function isJson({ header }: ApiRequest): boolean {
  const type = header("content-type") ?? "";
  const isPlain = (header("content-encoding") ?? "identity").toLowerCase() === "identity";
  return isPlain && (type === "application/json" || isJsonType(type));
}

/** Cut at its semicolons: one pattern for all of it would take time in the square of its blanks. */
function isJsonType(type: string): boolean {
  const [name, ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
  const [charset = UTF_8, ...others] = parameters.filter(Boolean);
  return name === "application/json" && CHARSET.test(charset) && others.length === 0;
}

const UTF_8 = "charset=utf-8";
const CHARSET = /^charset\s*=\s*"?utf-?8"?$/;

const utf8 = new TextDecoder("utf-8", { fatal: true });

function parse(bytes: Uint8Array): { value: unknown } | { problem: Problem } {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    // Only an escape can bring them in: JSON forbids a bare NUL, the decoder half a pair.
    if (!text.includes("\\u") || isStorable(value)) return { value };
    return { problem: malformed("Text must not hold NUL characters or half a surrogate pair.") };
  } catch {
    return { problem: malformed("The body must be JSON in UTF-8.") };
  }
}

/** Whether Postgres can keep each text in a value. Without recursion: a body may nest 30,000 deep. */
function isStorable(value: unknown): boolean {
  const left = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one === "string" && /\0|\p{Surrogate}/u.test(one)) return false;
    if (typeof one === "object" && one !== null) {
      for (const [key, inner] of Object.entries(one)) left.push(key, inner);
    }
  }
  return true;
}

function malformed(message: string): Problem {
  return refuseFields([{ field: "", message }]);
}

function unsupported(): Problem {
  const detail = "Send JSON: Content-Type: application/json, in UTF-8 and uncompressed.";
  return { ...refuse("validation_failed", detail), status: 415 };
}

function tooLong(): Problem {
  const detail = "The body may hold at most 64 KiB.";
  const headers = { connection: "close" };
  return { ...refuse("validation_failed", detail), status: 413, headers };
}
