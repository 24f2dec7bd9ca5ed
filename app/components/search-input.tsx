import { useEffect, useRef } from "react";

/**
 * The field that narrows a list down. It stays the one it was, with its focus, and follows the list
 * (back to an earlier search, to "Show all"), but for words that were typed and not sent yet.
 */
export function SearchInput({ q }: { q: string }) {
  const field = useRef<HTMLInputElement>(null);
  const shown = useRef(q);
  useEffect(() => {
    if (field.current?.value === shown.current) field.current.value = q;
    shown.current = q;
  }, [q]);
  return (
    <input
      ref={field}
      id="q"
      name="q"
      type="search"
      dir="auto"
      defaultValue={q}
      maxLength={200}
      className="control"
    />
  );
}
