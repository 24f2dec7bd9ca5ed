import { useNavigation } from "@remix-run/react";
import { type FormEvent, useState } from "react";
import type { FormErrors } from "./error-summary";
import { NO_CONNECTION } from "./unanswered";

/** Whether a form that posts to `action` (or anywhere) is on its way right now. */
export function useIsSending(intent?: string): boolean {
  const { state, formData, formMethod } = useNavigation();
  if (state === "idle" || formMethod?.toUpperCase() !== "POST") return false;
  return intent === undefined || formData?.get("intent") === intent;
}

/**
 * The errors of the last post, without those that were put right since. Before the first post nobody is
 * corrected while they type.
 *
 * `attempt` counts the refused posts: as a password field's key, it empties the field with each. A post that
 * got no answer keeps the password, so that it can be sent by pressing again.
 */
export function useLiveErrors(errors: FormErrors | undefined) {
  const [post, setPost] = useState({ errors, attempt: 0, fixed: new Set<string>() });
  if (post.errors !== errors) {
    const isRefused = errors?.[""] !== NO_CONNECTION;
    setPost({ errors, attempt: post.attempt + (isRefused ? 1 : 0), fixed: new Set() });
  }
  const shown: FormErrors = Object.fromEntries(
    Object.entries(errors ?? {}).filter(([field]) => !post.fixed.has(field)),
  );

  function onInput({ target }: FormEvent<HTMLFormElement>) {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
    const { validity } = target;
    // The date and the time of a field are one thing to put right.
    const name = target.name.replace(/-(?:date|time|at)$/, "");
    if (!errors?.[name] || post.fixed.has(name) === validity.valid) return;
    const fixed = new Set(post.fixed);
    if (validity.valid) fixed.add(name);
    else fixed.delete(name);
    setPost({ ...post, fixed });
  }

  return { shown, onInput, attempt: post.attempt };
}
