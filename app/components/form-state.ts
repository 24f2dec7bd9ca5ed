import { useNavigation } from "@remix-run/react";
import { type FormEvent, useState } from "react";
import type { FormErrors } from "./error-summary";

/** Whether a form that posts to `action` (or anywhere) is on its way right now. */
export function useIsSending(intent?: string): boolean {
  const { state, formData, formMethod } = useNavigation();
  if (state === "idle" || formMethod?.toUpperCase() !== "POST") return false;
  return intent === undefined || formData?.get("intent") === intent;
}

/**
 * The errors of the last post, less those that were put right since. Before the first post nobody
 * is corrected while they type.
 */
export function useLiveErrors(errors: FormErrors | undefined) {
  const [fixed, setFixed] = useState<{ of: FormErrors | undefined; fields: Set<string> }>({
    of: errors,
    fields: new Set(),
  });
  const current = fixed.of === errors ? fixed.fields : new Set<string>();
  const shown = Object.fromEntries(
    Object.entries(errors ?? {}).filter(([field]) => !current.has(field)),
  ) as FormErrors;

  function onInput({ target }: FormEvent<HTMLFormElement>) {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
    const { name, validity } = target;
    if (!errors?.[name] || current.has(name) === validity.valid) return;
    const fields = new Set(current);
    if (validity.valid) fields.add(name);
    else fields.delete(name);
    setFixed({ of: errors, fields });
  }

  return { shown, onInput };
}
