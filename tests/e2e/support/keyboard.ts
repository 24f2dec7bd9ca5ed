import { expect, type Locator, type Page } from "@playwright/test";

/** Goes to a control as people do without a mouse, and presses it. */
export async function pressByKeyboard(page: Page, control: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press(key);
}

/** Presses Tab until the control has the focus. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  await expect(control).toBeVisible();
  const hasFocus = () => control.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 100; presses += 1) {
    if (await hasFocus()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("A hundred tabs did not lead there.");
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
