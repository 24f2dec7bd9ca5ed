import type { FieldError } from "~/domain/error";

/** A query string as an object. Refuses what names nothing certain, or Postgres could not take. */
export function readQuery(
  query: string,
): { values: Record<string, string> } | { errors: FieldError[] } {
  const values: Record<string, string> = Object.create(null);
  if (query === "") return { values };
  const errors: FieldError[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    const field = name.slice(0, 100);
    if (name in values) errors.push({ field, message: "Give this parameter once." });
    if (value.includes("\0")) errors.push({ field, message: "NUL characters are not allowed." });
    values[name] = value;
  }
  return errors.length > 0 ? { errors: errors.slice(0, 20) } : { values };
}
