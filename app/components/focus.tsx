import { useLocation, useNavigationType } from "@remix-run/react";
import { useEffect, useRef } from "react";

/** The `state` of links to another part of the same list: its heading takes the focus. */
export const TO_LIST = "to the list";

/**
 * Moves the focus along when scripts change the page, as a browser does when it loads one.
 *
 * - Another page: to its heading. A message or an error summary that has the focus keeps it.
 * - Another part of a list: to the heading that its address names, or else the list's.
 * - What was in use is gone: to the nearest landing, an element with `data-landing` close to where
 *   it stood, which is what took its place or that region's heading. Without one, to the page's.
 */
export function FocusKeeper() {
  const { pathname, key, state, hash } = useLocation();
  const isReturn = useNavigationType() === "POP";
  const shown = useRef({ pathname, key });
  useEffect(() => {
    const before = shown.current;
    if (before.key === key) return;
    shown.current = { pathname, key };
    const main = document.getElementById("main");
    // Going back leads to where the visitor was, not to the start of the list.
    if (state === TO_LIST && !isReturn) {
      (document.getElementById(hash.slice(1)) ?? findLanding(main) ?? findHeading())?.focus();
    } else if (before.pathname !== pathname && !main?.contains(document.activeElement)) {
      findHeading()?.focus({ preventScroll: isReturn });
    }
  }, [pathname, key, state, hash, isReturn]);
  useEffect(keepFocus, []);
  return null;
}

/** Watches for the focus to fall to the body. */
function keepFocus(): () => void {
  const watch = new MutationObserver(bringFocusBack);
  watch.observe(document, { childList: true, subtree: true });
  document.addEventListener("focusin", noteUse);
  // Some browsers do not focus what is pressed with a mouse.
  document.addEventListener("pointerdown", noteUse);
  // A page that failed comes in a new frame, which mounts this anew.
  if (inUse[0]) bringFocusBack();
  else note(document.activeElement);
  return () => {
    watch.disconnect();
    document.removeEventListener("focusin", noteUse);
    document.removeEventListener("pointerdown", noteUse);
  };
}

/** What was used last, and what it stood in, from the inside out. Outlives the frame. */
let inUse: Element[] = [];

const OPERABLE = "a, button, input, select, textarea, summary, [tabindex]";

function noteUse({ target }: Event): void {
  note(target instanceof Element ? target : null);
}

function note(used: Element | null): void {
  inUse = [];
  let element = used?.closest(OPERABLE);
  for (; element; element = element.parentElement) inUse.push(element);
}

function bringFocusBack(): void {
  if (!inUse[0] || inUse[0].isConnected) return;
  if (document.activeElement && document.activeElement !== document.body) return;
  const isOnPage = (element: Element) => element.isConnected && element.matches("#main *");
  let place = inUse.find(isOnPage);
  // If the whole page was replaced, the next one is already scrolled to where it should be.
  const preventScroll = !place;
  while (place && isOnPage(place) && !findLanding(place)) place = place.parentElement ?? undefined;
  const landing = place && isOnPage(place) ? findLanding(place) : null;
  (landing ?? findHeading())?.focus({ preventScroll });
}

function findLanding(within: Element | null): HTMLElement | null {
  return within?.querySelector<HTMLElement>("[data-landing]") ?? null;
}

function findHeading(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#main h1");
}
