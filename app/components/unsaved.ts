import { useBeforeUnload, useBlocker } from "@remix-run/react";
import { useCallback, useEffect, useState } from "react";

const QUESTION = "Your changes are not saved yet. Leave this page anyway?";

/**
 * Asks before the visitor leaves a page with something typed and not sent.
 *
 * @returns what the form calls with each input
 */
export function useUnsavedWarning(): () => void {
  const [isDirty, setDirty] = useState(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      // Sending the form stays on its page; what follows is the server's doing, and not asked about.
      isDirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    if (window.confirm(QUESTION)) blocker.proceed();
    else blocker.reset();
  }, [blocker]);
  useBeforeUnload(
    useCallback(
      (event: BeforeUnloadEvent) => {
        if (isDirty) event.preventDefault();
      },
      [isDirty],
    ),
  );
  return useCallback(() => setDirty(true), []);
}
