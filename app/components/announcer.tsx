import { useLocation } from "@remix-run/react";

const ID = "announcer";

/** The page's one region for what changes by itself; what it says is heard, and not seen. */
export function Announcer() {
  // Another page begins with nothing said.
  const { pathname } = useLocation();
  return <p key={pathname} id={ID} aria-live="polite" className="sr-only" />;
}

/** Says something to those who listen, wherever they are on the page. */
export function announce(words: string): void {
  const region = document.getElementById(ID);
  if (region) region.textContent = words;
}
