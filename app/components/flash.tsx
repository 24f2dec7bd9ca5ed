import { useEffect, useRef } from "react";

/** One message after a redirect. It takes the focus, so that it is heard where it is not seen. */
export function Flash({ message }: { message: string | null }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (message) box.current?.focus();
  }, [message]);
  if (!message) return null;
  return (
    <div
      ref={box}
      role="status"
      tabIndex={-1}
      className="mb-8 rounded-md border-l-4 border-accent bg-accent-soft px-5 py-3"
    >
      {message}
    </div>
  );
}
