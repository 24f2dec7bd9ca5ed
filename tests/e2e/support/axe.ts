import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { cutOff, sidewaysScroll } from "./looks";

const builder = createRequire(import.meta.url).resolve("@axe-core/playwright");
const AXE = readFileSync(createRequire(builder).resolve("axe-core/axe.min.js"), "utf8");

interface RunOnly {
  type: "tag" | "rule";
  values: string[];
}

const STANDARDS: RunOnly = {
  type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};
const COLOUR_RULES: RunOnly = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Everybody can use the page and read all of it on a phone, light and dark. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await axeFindings(page)).toEqual([]);
  expect([await cutOff(page), await sidewaysScroll(page)]).toEqual([[], 0]);
}

/** What axe finds on the page as it is, light and dark. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Without transitions, which would be measured half-way.
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const light = await findings(page, STANDARDS);
  // Nothing but the colours is different in the dark.
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await findings(page, COLOUR_RULES);
  return [...light.map((one) => `light: ${one}`), ...dark.map((one) => `dark: ${one}`)];
}

/** In the page already: what the builder would put there once more. */
const NOTHING = "void 0";

async function findings(page: Page, rules: RunOnly): Promise<string[]> {
  await bringAxe(page);
  const { violations } = await new AxeBuilder({ page, axeSource: NOTHING })
    .setLegacyMode(true)
    .options({ runOnly: rules, resultTypes: ["violations"] })
    .analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target} ${failureSummary}`),
  );
}

/** Puts axe into the page, once for as long as it is loaded. */
async function bringAxe(page: Page): Promise<void> {
  if (await page.evaluate(() => "axe" in window)) return;
  // As a script of the debugger's the browser compiles it once for all pages of a window.
  const debugging = await page.context().newCDPSession(page);
  await debugging.send("Runtime.evaluate", { expression: `${AXE};${NOTHING}` });
  await debugging.detach();
}
