import { expect, type Locator, type Page } from "@playwright/test";

/** Goes to a control as people do without a mouse, and presses it. */
export async function pressByKeyboard(page: Page, control: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press(key);
}

/** Goes to a field and types, in place of what is there. */
export async function typeInto(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
}

/**
 * Presses Tab until the control has the focus. Each stop on the way shows that it has it, in sight
 * and with nothing over it.
 */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible();
  // Looked for once: to find it again at each press would read the whole page each time.
  let wanted = await control.elementHandle();
  const look = async () => {
    const focus = await wanted.evaluate(lookAtFocus);
    if (!focus.isReplaced) return focus;
    wanted = await control.elementHandle();
    return wanted.evaluate(lookAtFocus);
  };
  let focus = await look();
  for (let presses = 0; presses < 100 && !focus.isReached; presses += 1) {
    await page.keyboard.press("Tab");
    focus = await look();
    if (focus.hidden) throw new Error(`The focus does not show: ${focus.hidden}`);
  }
  if (!focus.isReached) throw new Error("A hundred tabs did not lead there.");
}

/** Where the focus is, in the page: whether on what is wanted, and what has it without showing it. */
function lookAtFocus(wanted: Node) {
  const active = document.activeElement;
  const isReached = active === wanted;
  const isReplaced = !wanted.isConnected;
  const isMarked = (element: Element | null, levels = 4): boolean => {
    if (!element || levels === 0) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const isDrawn = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    return isDrawn || isMarked(element.parentElement, levels - 1);
  };
  /** WCAG 2.4.7 and 2.4.11. */
  const findHidden = (): string | null => {
    // Past the last control the focus is the browser's.
    if (!active || active === document.body) return null;
    // In a date or a time, the button that opens the calendar has the browser's own ring.
    const isPicker =
      active.matches("[type=date], [type=time]") && !active.matches(":focus-visible");
    const { left = 0, top = 0, height = 0 } = active.getClientRects()[0] ?? {};
    const [x, y] = [Math.max(left, 0) + 4, Math.max(top, 0) + Math.min(height / 2, 20)];
    const shown = document.elementFromPoint(x, y);
    if ((isMarked(active) || isPicker) && shown && active.contains(shown)) return null;
    return `${active.outerHTML.slice(0, 200)}, over it ${shown?.outerHTML.slice(0, 200)}`;
  };
  return { isReached, isReplaced, hidden: findHidden() };
}

/** Waits until it has the focus, in sight and with nothing over it (WCAG 2.4.11). */
export async function expectFocusOn(target: Locator): Promise<void> {
  await expect(target).toBeFocused();
  await expect(target).toBeInViewport();
  const isOnTop = await target.evaluate((element) => {
    const { left, top } = element.getBoundingClientRect();
    const shown = document.elementFromPoint(Math.max(left, 0) + 4, Math.max(top, 0) + 4);
    return element.contains(shown);
  });
  expect(isOnTop, "nothing covers what has the focus").toBe(true);
}
