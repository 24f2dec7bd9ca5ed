import type { Page } from "@playwright/test";

/** By how many pixels the page is wider than its window. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
}

/**
 * What the page shows, as what and in which colours, but not where: the same for two windows if its parts
 * have only moved.
 */
export function lookOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const looks = [...document.querySelectorAll("body *")].map((element) => {
      const style = getComputedStyle(element);
      const isShown = element.checkVisibility({ visibilityProperty: true });
      // Large letters need less contrast (WCAG 1.4.3).
      const isBold = Number(style.fontWeight) >= 700;
      const isLarge = Number.parseFloat(style.fontSize) >= (isBold ? 18.66 : 24);
      const { display, clipPath, opacity, color, backgroundColor, backgroundImage } = style;
      const colours = [opacity, color, backgroundColor, backgroundImage];
      return [isShown, isLarge, display, clipPath, ...colours].join(" ");
    });
    return looks.join("\n");
  });
}

/** What of the page cannot be read: beyond the window's edges, or more than its own box shows. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // What is only for screen readers is clipped, and so is what stands in it.
    const isSpoken = (element: Element | null): boolean =>
      element !== null &&
      (getComputedStyle(element).clipPath !== "none" || isSpoken(element.parentElement));
    const isSeen = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      !element.closest("svg *") &&
      !isSpoken(element);
    return [...document.querySelectorAll("body *")]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        const hides = getComputedStyle(element).overflowX !== "visible";
        const isField = element.matches("input, textarea, select");
        const isShort = hides && !isField && element.scrollWidth > element.clientWidth + 1;
        const isBeyond = left < -1 || right > document.documentElement.clientWidth + 1;
        // Whether it is seen is asked of few: it takes longest to say.
        return (isShort || isBeyond) && isSeen(element);
      })
      .map((element) => element.outerHTML.slice(0, 200));
  });
}

/** The same of the page as it is for languages that are written from right to left. */
export async function cutOffFromRightToLeft(page: Page): Promise<string[]> {
  const turn = (dir: string) =>
    page.evaluate((dir) => {
      document.documentElement.dir = dir;
    }, dir);
  await turn("rtl");
  const found = await cutOff(page);
  await turn("ltr");
  return found;
}

/**
 * What has a shape of its own by its background, and none where the visitor's colours are forced upon
 * the page: no border, and no background that stays.
 */
export async function shapesLostInForcedColours(page: Page): Promise<string[]> {
  await page.emulateMedia({ forcedColors: "none" });
  const shaped = await page.evaluateHandle(() =>
    [...document.querySelectorAll("body *")].filter((element) => {
      const { backgroundColor, borderTopLeftRadius, clipPath } = getComputedStyle(element);
      const isSeen = clipPath === "none";
      return isSeen && backgroundColor !== "rgba(0, 0, 0, 0)" && borderTopLeftRadius !== "0px";
    }),
  );
  await page.emulateMedia({ forcedColors: "active" });
  const lost = await shaped.evaluate((elements) =>
    elements
      .filter((element) => {
        const style = getComputedStyle(element);
        return !["Top", "Right", "Bottom", "Left"].some((side) => {
          const width = style[`border${side}Width` as "borderTopWidth"];
          const colour = style[`border${side}Color` as "borderTopColor"];
          return width !== "0px" && colour !== "rgba(0, 0, 0, 0)";
        });
      })
      .map((element) => element.outerHTML.slice(0, 200)),
  );
  await page.emulateMedia({ forcedColors: "none" });
  return lost;
}

/** What is printed though it is good for nothing on paper. */
export async function printedControls(page: Page): Promise<string[]> {
  await page.emulateMedia({ media: "print" });
  const printed = await page.evaluate(() => [
    ...(document.querySelector("h1")?.checkVisibility() ? [] : ["no heading"]),
    ...[...document.querySelectorAll("nav a, form, button, body > header, body > footer")]
      .filter((element) => element.checkVisibility())
      .map((element) => element.outerHTML.slice(0, 200)),
  ]);
  await page.emulateMedia({ media: "screen" });
  return printed;
}
