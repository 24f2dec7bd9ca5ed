import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { cutOff, sidewaysScroll } from "./looks";

const builder = createRequire(import.meta.url).resolve("@axe-core/playwright");
const AXE = readFileSync(createRequire(builder).resolve("axe-core/axe.min.js"), "utf8");

/**
 * In the page, once it is brought there. Its builder would configure it and list all that is well at each
 * look.
 */
declare const axe: { run: (options: object) => ReturnType<AxeBuilder["analyze"]> };

interface RunOnly {
  type: "tag" | "rule";
  values: string[];
}

const STANDARDS: RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
const COLOURS = ["color-contrast", "link-in-text-block"];
const COLOUR_RULES: RunOnly = { type: "rule", values: COLOURS };
/** All others go by what stands in the page and whether it is shown, wherever that is. */
const PLACE_RULES: RunOnly = {
  type: "rule",
  values: [...COLOURS, "target-size", "scrollable-region-focusable", "region", "skip-link"],
};

/** Everybody can use the page and read all of it on a phone, light and dark. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await axeFindings(page)).toEqual([]);
  expect([await cutOff(page), await sidewaysScroll(page)]).toEqual([[], 0]);
}

/**
 * What axe finds on the page as it is, light and dark. Leaves it dark.
 *
 * @param options.hasOnlyMoved it was asked already, and what the page shows has only moved since (`lookOf`)
 */
export async function axeFindings(page: Page, { hasOnlyMoved = false } = {}): Promise<string[]> {
  await bringAxe(page);
  // Without transitions, which would be measured half-way.
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const light = await findings(page, hasOnlyMoved ? PLACE_RULES : STANDARDS);
  await page.emulateMedia({ colorScheme: "dark" });
  // Nothing but the colours is different in the dark.
  const dark = hasOnlyMoved ? [] : await findings(page, COLOUR_RULES);
  return [...light.map((one) => `light: ${one}`), ...dark.map((one) => `dark: ${one}`)];
}

function findings(page: Page, rules: RunOnly): Promise<string[]> {
  return page.evaluate(async (runOnly) => {
    const { violations } = await axe.run({ runOnly, reporter: "no-passes" });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target} ${failureSummary}`),
    );
  }, rules);
}

/** Puts axe into each page that is opened from now on: for who asks of many, it is sent only once. */
export function bringAxeAlong(context: BrowserContext): Promise<unknown> {
  return context.addInitScript({ content: AXE });
}

/** Puts axe into the page, once for as long as it is loaded. */
async function bringAxe(page: Page): Promise<void> {
  if (await page.evaluate(() => "axe" in window)) return;
  // As a script of the debugger's the browser compiles it once for all pages of a window.
  const debugging = await page.context().newCDPSession(page);
  await debugging.send("Runtime.evaluate", { expression: `${AXE};void 0` });
  await debugging.detach();
}
