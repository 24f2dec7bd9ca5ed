import { useEffect, useRef } from "react";
import { Prose } from "./prose";

/** What a description will look like, above its form. It takes the focus each time it is asked for. */
export function Preview({ shown }: { shown: { html: string } | undefined }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (shown) box.current?.focus();
  }, [shown]);
  if (!shown) return null;
  const takeFocus = { autoFocus: true };
  return (
    <section
      ref={box}
      tabIndex={-1}
      {...takeFocus}
      aria-labelledby="preview"
      className="mb-8 rounded-md border border-line-strong px-5 py-4"
    >
      <h2 id="preview" className="mb-2 text-sm font-semibold text-ink-soft">
        Preview
      </h2>
      {shown.html ? <Prose html={shown.html} /> : <p>There is no description yet.</p>}
    </section>
  );
}
