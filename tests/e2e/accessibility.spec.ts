import { type Page, test as testWithoutWindow } from "@playwright/test";
import { openCompetition, signUp } from "./support/api";
import { axeFindings, bringAxeAlong } from "./support/axe";
import { pressByKeyboard } from "./support/keyboard";
import {
  cutOff,
  cutOffFromRightToLeft,
  lookOf,
  printedControls,
  shapesLostInForcedColours,
  sidewaysScroll,
} from "./support/looks";
import { furnish, PAGES, type Viewer, type World } from "./support/pages";
import { complaintsOf, expect, scriptsRun, signIn, test } from "./support/test";

test.describe("to everybody", () => {
  let world: World;
  let windows: Record<Viewer, { page: Page; complaints: string[] }>;

  // One window a person: each page is loaded as people do, with what they loaded before.
  test.beforeAll(async ({ browser }) => {
    world = await furnish();
    const open = async (viewer: Viewer) => {
      // As axe leaves a page, so that its looks can be compared.
      const context = await browser.newContext({ colorScheme: "dark", reducedMotion: "reduce" });
      await bringAxeAlong(context);
      if (viewer !== "nobody") await signIn(context, world[viewer]);
      return { page: await context.newPage(), complaints: complaintsOf(context) };
    };
    windows = {
      nobody: await open("nobody"),
      participant: await open("participant"),
      organizer: await open("organizer"),
    };
  });

  test.afterAll(async () => {
    for (const { page } of Object.values(windows)) await page.context().close();
  });

  for (const { name, path, viewer, press, isPlain } of PAGES) {
    testWithoutWindow(
      `${name} is accessible, light and dark, narrow and wide, mirrored, in print and in forced colours`,
      async () => {
        const { page, complaints } = windows[viewer];
        await page.goto(typeof path === "string" ? path : path(world));
        if (!isPlain) await scriptsRun(page);
        if (press) {
          await page.getByRole("button", { name: press }).click();
          await expect(page.getByRole("alert")).toBeFocused();
        }
        await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
        await expect(page).toHaveTitle(/.+ · Mini Compete$|^Mini Compete$/);

        let lookBefore: string | undefined;
        for (const width of [360, 1280]) {
          await page.setViewportSize({ width, height: 780 });
          const look = await lookOf(page);
          const hasOnlyMoved = look === lookBefore;
          expect(await axeFindings(page, { hasOnlyMoved }), `${width} px`).toEqual([]);
          lookBefore = look;
          expect(await cutOff(page), `cut off at ${width} px`).toEqual([]);
          expect(await cutOffFromRightToLeft(page), `cut off, ${width} px, mirrored`).toEqual([]);
        }
        expect(await shapesLostInForcedColours(page), "without a border").toEqual([]);
        expect(await printedControls(page), "printed").toEqual([]);
        // What 1280 px are at 400 % (WCAG 1.4.10).
        await page.setViewportSize({ width: 320, height: 256 });
        expect(await sidewaysScroll(page), "the page scrolls sideways at 320 px").toBe(0);
        expect(complaints.splice(0), "the browser had nothing to complain about").toEqual([]);
      },
    );
  }
});

test("the skip link leads past the header", async ({ page, visit }) => {
  await visit("/competitions");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("searchbox", { name: "Search" })).toBeFocused();
});

test("somebody with only a keyboard takes a seat, and a screen reader says so", async ({
  page,
  visit,
  signIn,
}) => {
  const { id } = await openCompetition();
  await signIn(await signUp());
  await visit(`/competitions/${id}`);
  await pressByKeyboard(page, page.getByRole("button", { name: "Register", exact: true }));
  const status = page.getByRole("status").filter({ hasText: "You are registered" });
  await expect(status).toBeFocused();
  await expect(status).toContainText("Seat 1");
});

test("scripts move the focus to the heading of the page they lead to", async ({ page, visit }) => {
  const { title } = await openCompetition();
  await visit(`/competitions?q=${encodeURIComponent(title)}`);
  await page.getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeFocused();
});

test("the one button is in sight on a phone", async ({ page, visit, signIn }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  const { id } = await openCompetition();
  await visit(`/competitions/${id}`);
  const button = page.getByRole("button", { name: "Register", exact: true });
  await expect(button).toBeInViewport({ ratio: 1 });
  await signIn(await signUp());
  await visit(`/competitions/${id}`);
  await expect(button).toBeInViewport({ ratio: 1 });
  const box = await button.boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(24);
});
