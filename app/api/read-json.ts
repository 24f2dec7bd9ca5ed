import { type ApiRequest, hasBody } from "./api-request";
import { type Refusal, refuse, refuseFields } from "./problem";

/**
 * Reads a JSON body. `value` is undefined when the client sent none, and null is never confused
 * with that.
 */
export async function readJson(
  request: ApiRequest,
): Promise<{ value: unknown } | { refusal: Refusal } | "gone"> {
  if (!hasBody(request)) return { value: undefined };
  if (!isJson(request)) return { refusal: unsupported() };
  const body = await request.readBody();
  if (body.status === "gone") return "gone";
  if (body.status === "too_long") return { refusal: tooLong() };
  if (body.bytes.length === 0) return { value: undefined };
  return parse(body.bytes);
}

/** JSON in UTF-8 and uncompressed: nothing else can be read here. */
function isJson({ header }: ApiRequest): boolean {
  const type = header("content-type") ?? "";
  const isPlain = (header("content-encoding") ?? "identity") === "identity";
  return isPlain && (type === "application/json" || JSON_TYPE.test(type));
}

const JSON_TYPE = /^\s*application\/json\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i;

const utf8 = new TextDecoder("utf-8", { fatal: true });

function parse(bytes: Uint8Array): { value: unknown } | { refusal: Refusal } {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    // Only an escape can bring them in: JSON forbids a bare NUL, the decoder half a pair.
    if (!text.includes("\\u") || isStorable(value)) return { value };
    return { refusal: malformed("Text must not hold NUL characters or half a surrogate pair.") };
  } catch {
    return { refusal: malformed("The body must be JSON in UTF-8.") };
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

function malformed(message: string): Refusal {
  return refuseFields([{ field: "", message }]);
}

function unsupported(): Refusal {
  const detail = "Send JSON: Content-Type: application/json, in UTF-8 and uncompressed.";
  return { ...refuse("validation_failed", detail), status: 415 };
}

function tooLong(): Refusal {
  const detail = "The body may hold at most 64 KiB.";
  const headers = { connection: "close" };
  return { ...refuse("validation_failed", detail), status: 413, headers };
}
