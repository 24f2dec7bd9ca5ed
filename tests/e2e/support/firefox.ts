import { expect } from "@playwright/test";
import type { Page } from "puppeteer-core";
import { siteUrl } from "./site-url";

/** A page of Firefox, used as people do: by what they read on it, with mouse and keys. */
export interface FirefoxPage {
  visit: (path: string) => Promise<void>;
  /** Types into empty fields, by their labels. */
  fill: (fields: Record<string, string>) => Promise<void>;
  press: (kind: keyof typeof KINDS, name: string) => Promise<void>;
  /** Waits until the page shows these words. */
  expectWords: (words: string) => Promise<void>;
  /** What the browser complained about so far. */
  complaints: string[];
  close: () => Promise<void>;
}

const KINDS = {
  button: "button",
  link: "a[href]",
  choice: "input[type=radio]",
  field: "input, textarea",
};

/** Starts Firefox with a profile of its own, over WebDriver BiDi. */
export async function openFirefox(options: {
  path: string;
  javaScriptEnabled: boolean;
}): Promise<FirefoxPage> {
  const { javaScriptEnabled } = options;
  // Not before there is a Firefox: every process of the tests reads this file.
  const { launch } = await import("puppeteer-core");
  const browser = await launch({
    browser: "firefox",
    executablePath: options.path,
    extraPrefsFirefox: { "javascript.enabled": javaScriptEnabled },
    timeout: 60_000,
  });
  const page = await browser.newPage();
  const click = async (kind: keyof typeof KINDS, name: string) => {
    let point: Point | null = null;
    await expect(async () => {
      point = await placeOf(page, KINDS[kind], name);
      expect(point, `${kind} “${name}”`).not.toBeNull();
    }).toPass({ timeout: 15_000 });
    const { x, y } = point ?? { x: 0, y: 0 };
    await page.mouse.click(x, y);
  };
  return {
    complaints: complaintsOf(page),
    async visit(path) {
      await page.goto(siteUrl(path));
      if (javaScriptEnabled) await expect.poll(() => page.evaluate(doScriptsRun)).toBe(true);
    },
    async fill(fields) {
      for (const [label, text] of Object.entries(fields)) {
        await click("field", label);
        await page.keyboard.type(text);
      }
    },
    press: click,
    async expectWords(words) {
      // A page that is just being left has nothing to say.
      const read = () => page.evaluate(() => document.body.innerText).catch(() => "");
      await expect.poll(read, { timeout: 15_000 }).toContain(words);
    },
    close: () => browser.close(),
  };
}

interface Point {
  x: number;
  y: number;
}

/**
 * Where something is to be pressed, brought into sight; null while it is not there. Puppeteer's own
 * locators wait with timers in the page, which do not run without JavaScript.
 */
function placeOf(page: Page, selector: string, name: string): Promise<Point | null> {
  const find = (wanted: string, called: string) => {
    const nameOf = (element: Element) => {
      const label = (element as HTMLInputElement).labels?.[0] ?? element;
      const group = element.closest("fieldset")?.querySelector("legend");
      const own = label.textContent?.trim();
      return [own, `${group?.textContent}: ${own}`];
    };
    const found = [...document.querySelectorAll(wanted)].find(
      (element) => nameOf(element).includes(called) && element.getClientRects().length > 0,
    );
    found?.scrollIntoView({ block: "center", behavior: "instant" });
    const box = found?.getClientRects()[0];
    if (!box) return null;
    // Near its start, where a date has its first part.
    return { x: box.left + Math.min(16, box.width / 2), y: box.top + box.height / 2 };
  };
  return page.evaluate(find, selector, name).catch(() => null);
}

/** Whether React has taken the page over. */
function doScriptsRun(): boolean {
  const main = document.querySelector("main") ?? {};
  return Object.keys(main).some((key) => key.startsWith("__reactProps"));
}

function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // Remix fetches what links lead to. Firefox says of such a fetch that it failed when its page is left.
    const isLeft = message.text().startsWith("Failed to fetch manifest patches");
    if (message.type() === "error" && !isLeft) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  return complaints;
}
