import type { Page } from "@playwright/test";
import {
  freshEmail,
  freshWord,
  joinLine,
  openCompetition,
  PASSWORD,
  readCompetition,
  signUp,
  takeSeat,
} from "./support/api";
import { axeFindings } from "./support/axe";
import { button, heading, news } from "./support/controls";
import { dateGroup } from "./support/dates";
import { expectFocusOn, pressByKeyboard, tabTo, typeInto } from "./support/keyboard";
import { siteUrl } from "./support/site-url";
import { expect, test } from "./support/test";

// A phone, where a bar with the button lies over the end of the page.
test.use({ viewport: { width: 360, height: 640 } });

const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const status = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text });

test("a participant finds, takes and gives back a seat, waits in line and leaves it, by keyboard", async ({
  page,
  visit,
  signIn,
}) => {
  const word = freshWord();
  const title = `Chess ${word}`;
  const competition = await openCompetition({ title, capacity: 1, waitlistLimit: 5 });
  const [person, other] = [await signUp(), await signUp()];
  await signIn(person);
  await page.clock.install();
  await visit("/competitions");
  // Longer than a page waits before it asks again.
  const hearNews = async (of: "seats" | "place") => {
    const answer = page.waitForResponse(`**/${of}`);
    await page.clock.fastForward(7_000);
    await answer;
  };

  await page.keyboard.press("Tab");
  await expectFocusOn(link(page, "Skip to the content"));
  await page.keyboard.press("Enter");
  await expect(page.locator("#main")).toBeFocused();
  await typeInto(page, page.getByRole("searchbox", { name: "Search" }), word);
  await page.keyboard.press("Enter");
  await expect(news(page)).toHaveText(`1 found for “${word}”`);
  await pressByKeyboard(page, link(page, title));
  await expectFocusOn(heading(page, title));

  await pressByKeyboard(page, button(page, "Register"), "Space");
  await expectFocusOn(status(page, "You are registered"));
  await expect(page.getByText("Seat 1", { exact: true })).toBeVisible();
  await joinLine(competition, other);
  await tabTo(page, button(page, "Cancel registration"));
  await hearNews("seats");
  await expectFocusOn(button(page, "Cancel registration"));
  await page.keyboard.press("Enter");
  const question = page.getByRole("group", { name: "Cancel your registration?" });
  await expectFocusOn(question);
  await expect(question).toHaveAccessibleDescription(/^Everything is sold out\./);
  expect(await axeFindings(page)).toEqual([]);
  await pressByKeyboard(page, link(page, "Keep my seat"));
  await expectFocusOn(button(page, "Cancel registration"));
  await page.keyboard.press("Space");
  await expectFocusOn(question);
  await pressByKeyboard(page, button(page, "Yes, cancel registration"));
  await expectFocusOn(status(page, "Your registration is cancelled."));

  // The other has the seat now, so there is a line.
  await pressByKeyboard(page, button(page, "Join the waitlist"));
  await expectFocusOn(status(page, "You are 1st in line"));
  await pressByKeyboard(page, button(page, "Leave the waitlist"), "Space");
  await expectFocusOn(page.getByRole("group", { name: "Leave the waitlist?" }));
  await pressByKeyboard(page, link(page, "Keep my place"));
  await expectFocusOn(button(page, "Leave the waitlist"));
  await page.keyboard.press("Enter");
  await pressByKeyboard(page, button(page, "Yes, leave the waitlist"));
  await expectFocusOn(status(page, "You have left the waitlist."));
  await expect(button(page, "Join the waitlist")).toBeVisible();
});

test("an organizer signs up, drafts, publishes, shares, edits, closes, promotes and cancels, by keyboard", async ({
  page,
  context,
  visit,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const title = `Regatta ${freshWord()}`;
  await visit("/");
  await pressByKeyboard(page, page.getByRole("banner").getByRole("link", { name: "Sign up" }));
  await expectFocusOn(heading(page, "Create an account"));
  await typeInto(page, page.getByLabel("Name"), "Olga Organizer");
  await typeInto(page, page.getByLabel("Email"), freshEmail());
  await typeInto(page, page.getByLabel("Password"), PASSWORD);
  await pressByKeyboard(page, page.getByRole("radio", { name: "Participant" }), "ArrowDown");
  await expectFocusOn(page.getByRole("radio", { name: "Organizer" }));
  await pressByKeyboard(page, button(page, "Create account"));
  await expectFocusOn(heading(page, "Competitions"));

  await pressByKeyboard(page, link(page, "New competition"));
  await expectFocusOn(heading(page, "New competition"));
  await typeInto(page, page.getByLabel("Title"), title);
  await typeInto(page, page.getByLabel("Description"), "Three **races**.");
  await typeInto(page, page.getByLabel("Capacity"), "1");
  // The same day in every order of day and month; "A" is for clocks of twelve hours.
  await tabTo(page, dateGroup(page, "Start date").getByLabel("Date"));
  await page.keyboard.type("03032040");
  await tabTo(page, dateGroup(page, "Start date").getByLabel("Time"));
  await page.keyboard.type("0900A");
  await pressByKeyboard(page, page.getByLabel("As set here"), "ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expectFocusOn(page.getByLabel("A day before the start"));
  await tabTo(page, page.getByLabel("Time zone"));
  await page.keyboard.type("Europe/Paris");
  await pressByKeyboard(page, button(page, "Preview"));
  await expectFocusOn(page.getByRole("region", { name: "Preview" }));
  await pressByKeyboard(page, button(page, "Save as draft"));
  await expectFocusOn(status(page, "Only you see it until you publish it"));
  await pressByKeyboard(page, button(page, "Publish"));
  await expectFocusOn(status(page, "is published"));
  await pressByKeyboard(page, button(page, "Copy link"));
  await expectFocusOn(button(page, "Copied"));
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const competition = { id };
  const made = await readCompetition(id);
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(siteUrl(`/c/${made.slug}`));
  expect(made).toMatchObject({
    startDate: "2040-03-03T08:00:00.000Z",
    regDeadline: "2040-03-02T08:00:00.000Z",
    timeZone: "Europe/Paris",
  });

  await takeSeat(competition);
  await joinLine(competition);
  await pressByKeyboard(page, link(page, "Edit"));
  await expectFocusOn(heading(page, "Edit competition"));
  await pressByKeyboard(page, button(page, "Close registration now"));
  await expectFocusOn(status(page, "Registration is closed."));
  await pressByKeyboard(page, link(page, "Edit"));
  await typeInto(page, page.getByLabel("Capacity"), "2");
  await page.keyboard.press("Enter");
  await expectFocusOn(status(page, "Your changes are saved."));
  await pressByKeyboard(page, link(page, "Participants"));
  await expectFocusOn(heading(page, "Participants"));
  await pressByKeyboard(page, button(page, "Give the free seat to the first in line"), "Space");
  await expectFocusOn(status(page, "1 person got a seat"));

  await pressByKeyboard(page, link(page, title));
  await pressByKeyboard(page, link(page, "Edit"));
  await pressByKeyboard(page, button(page, "Cancel competition"));
  await expectFocusOn(heading(page, "Cancel this competition?"));
  await typeInto(page, page.getByLabel("Message"), "No wind.");
  await pressByKeyboard(page, button(page, "Cancel competition"));
  await expectFocusOn(status(page, "everybody is told"));
  expect(await readCompetition(id)).toMatchObject({ status: "cancelled" });
});
