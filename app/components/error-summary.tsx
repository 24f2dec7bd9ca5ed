import { useEffect, useRef } from "react";
import { markTitle } from "./error-title";
import { fieldId } from "./field";

/** Field names with their messages; the name "" is for what concerns the form as a whole. */
export type FormErrors = Partial<Record<string, string>>;

/**
 * All that is wrong with a form, in one place, each with a link to its field. It takes the focus
 * after each failed post: with scripts through the effect, without them through `autofocus`.
 */
export function ErrorSummary({ errors }: { errors: FormErrors | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A preview was asked for, or nothing is wrong: there is no box.
    if (!errors || !box.current) return;
    box.current.focus();
    return markTitle();
  }, [errors]);
  const entries = Object.entries(errors ?? {}).filter(([, message]) => message);
  if (entries.length === 0) return null;
  const takeFocus = { autoFocus: true };
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      {...takeFocus}
      aria-labelledby="error-summary-title"
      className="mb-8 rounded-md border border-s-4 border-danger bg-danger-soft px-5 py-4"
    >
      <h2 id="error-summary-title" className="font-semibold">
        {entries.length === 1
          ? "One thing needs your attention"
          : "Some things need your attention"}
      </h2>
      <ul className="mt-2 space-y-1">
        {entries.map(([field, message]) => (
          <li key={field}>
            {field ? (
              <a href={`#${fieldId(field)}`} className="font-medium text-danger underline">
                {message}
              </a>
            ) : (
              message
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
