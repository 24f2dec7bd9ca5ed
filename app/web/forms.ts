import { data } from "@remix-run/node";
import type * as z from "zod";
import type { FormErrors } from "~/components/error-summary";
import { DESCRIPTION_TOO_LONG, MAX_DESCRIPTION } from "~/domain/competitions/competitions.schema";
import { DomainError, type ErrorCode, type FieldError } from "~/domain/error";
import { markdownToHtml } from "~/platform/markdown";
import { isOutage, OUTAGE_SECONDS } from "./pages";
import { countUnavailable, outageReason } from "./unavailable";

/** What a form sent: one text for each field. */
export type FormValues = Record<string, string>;

/**
 * Reads a form into one text for each field. If a field came twice, the first counts.
 *
 * @throws Response 400 when the body is no form, or holds a file
 */
export async function readFormValues(request: Request): Promise<FormValues> {
  return formValues(await readForm(request));
}

/**
 * Reads a form.
 *
 * @throws Response 400 when the body is no form: forms of ours always send one.
 */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw new Response("This form cannot be read.", { status: 400, statusText: "Bad Request" });
  }
}

/** The texts of a form that has been read. */
export function formValues(form: FormData): FormValues {
  const values: FormValues = {};
  for (const [name, value] of form) {
    if (typeof value !== "string") {
      throw new Response(null, { status: 400, statusText: "Bad Request" });
    }
    // Browsers send line breaks as CRLF; nobody typed the CR.
    values[name] ??= value.replaceAll("\r\n", "\n");
  }
  return values;
}

/** The first thing that is wrong with each field. */
export function errorsOf(error: z.ZodError): FormErrors {
  return firstOfEach(
    error.issues.map(({ path, message }) => ({ field: String(path[0] ?? ""), message })),
  );
}

/** One sentence for each field: people correct one thing at a time. */
export function firstOfEach(fields: FieldError[]): FormErrors {
  const errors: FormErrors = {};
  for (const { field, message } of fields) errors[field] ??= sentence(message);
  return errors;
}

/** A form to be shown again. */
interface Again {
  values: FormValues;
  errors: FormErrors;
  /** What somebody else made of some fields meanwhile. */
  theirs?: FormValues;
  /** What the description will look like, where that was asked for. */
  preview?: { html: string };
}

/**
 * The answer that shows a form again, with what was typed (except passwords) and what is wrong.
 *
 * @param status 400, or 409 when the form was right but the world was not
 */
export function formAgain(again: Again, status = 400, headers?: HeadersInit) {
  const { password: _secret, ...values } = again.values;
  const { errors, theirs, preview } = again;
  return data({ values, errors, theirs, preview }, { status, headers });
}

/**
 * The form as it was typed, with a preview of its description, or the reason why that is too long. Null if
 * another button was pressed.
 */
export function formWithPreview(values: FormValues) {
  if (values.intent !== "preview") return null;
  const { intent: _button, description = "", ...rest } = values;
  if (Array.from(description).length > MAX_DESCRIPTION) {
    const errors = { description: sentence(DESCRIPTION_TOO_LONG) };
    return formAgain({ values: { ...rest, description }, errors });
  }
  const preview = { html: markdownToHtml(description) };
  return formAgain({ values: { ...rest, description }, errors: {}, preview }, 200);
}

/**
 * The form again, for a refusal of the domain, in its words, or for an outage: nobody has to type it again.
 *
 * @throws any other error, unchanged
 */
export function formAgainFor(error: unknown, values: FormValues) {
  if (isOutage(error)) {
    countUnavailable(outageReason(error));
    const errors = { "": "We cannot save this right now. Send it again in a few seconds." };
    return formAgain({ values, errors }, 503, { "Retry-After": String(OUTAGE_SECONDS) });
  }
  if (!(error instanceof DomainError)) throw error;
  const { fields, retryAfterSeconds } = error.details;
  const errors = firstOfEach(fields ?? [{ field: "", message: error.message }]);
  const headers = retryAfterSeconds ? { "Retry-After": String(retryAfterSeconds) } : undefined;
  return formAgain({ values, errors }, STATUS[error.code] ?? 400, headers);
}

const STATUS: Partial<Record<ErrorCode, number>> = { conflict: 409, rate_limited: 429 };

/** Nobody reads more; and a body of 64 KiB can hold thousands of unknown fields. */
const MOST = 20;
const LONGEST_NAME = 100;

/** What is wrong with which field, from a schema's issues. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  const fields: FieldError[] = [];
  for (const issue of error.issues) {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys.slice(0, MOST)) {
        fields.push({ field: nameOf([...path, key]), message: "This field is unknown." });
      }
    } else {
      // The library's own words are about JavaScript.
      const isNoObject = issue.code === "invalid_type" && path.length === 0;
      const message = isNoObject ? "The body must be a JSON object." : issue.message;
      fields.push({ field: nameOf(path), message });
    }
    if (fields.length >= MOST) break;
  }
  return fields.slice(0, MOST);
}

function nameOf(path: string[]): string {
  return path.length > 0 ? path.join(".").slice(0, LONGEST_NAME) : "";
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}
