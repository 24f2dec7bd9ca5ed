import type * as z from "zod";
import type { FieldError } from "~/domain/error";

/** Nobody reads more; and a body of 64 KiB can hold thousands of unknown fields. */
const MOST = 20;
const LONGEST_NAME = 100;

/** What is wrong with which field, from a schema's issues. `root` names what has no field. */
export function fieldErrors(error: z.ZodError, root = ""): FieldError[] {
  const fields: FieldError[] = [];
  for (const issue of error.issues) {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys.slice(0, MOST)) {
        fields.push({ field: nameOf([...path, key], root), message: "This field is not known." });
      }
    } else {
      fields.push({ field: nameOf(path, root), message: issue.message });
    }
    if (fields.length >= MOST) break;
  }
  return fields.slice(0, MOST);
}

function nameOf(path: string[], root: string): string {
  return path.length > 0 ? path.join(".").slice(0, LONGEST_NAME) : root;
}
