import { useLocation } from "@remix-run/react";
import { useEffect, useRef } from "react";

/**
 * Moves the focus to the new page's heading when scripts changed the page, as a browser does by
 * itself when it loads one. A message or an error summary that has the focus keeps it.
 */
export function RouteFocus() {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    const main = document.getElementById("main");
    if (main?.contains(document.activeElement)) return;
    main?.querySelector<HTMLElement>("h1")?.focus();
  }, [pathname]);
  return null;
}
