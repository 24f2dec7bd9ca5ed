import { expect, test } from "@playwright/test";
import { findFirefox, NO_FIREFOX } from "../support/firefox";
import { freshEmail, freshWord, openCompetition, PASSWORD, participantsOf } from "./support/api";
import { type FirefoxPage, openFirefox } from "./support/firefox";
import { MODES } from "./support/test";

const path = findFirefox();

for (const { how, javaScriptEnabled } of MODES) {
  test(`in Firefox ${how}, a seat is taken and given back, and a competition published`, async () => {
    if (!path) console.log(NO_FIREFOX);
    test.skip(!path, NO_FIREFOX);
    test.setTimeout(120_000);
    const page = await openFirefox({ path: path ?? "", javaScriptEnabled });
    try {
      await takeSeatAndGiveItBack(page);
      await publish(page);
      expect(page.complaints, "the browser had nothing to complain about").toEqual([]);
    } finally {
      await page.close();
    }
  });
}

async function takeSeatAndGiveItBack(page: FirefoxPage): Promise<void> {
  const competition = await openCompetition({ capacity: 3 });
  await page.visit("/signup");
  await page.fill({ Name: "Paula Participant", Email: freshEmail(), Password: PASSWORD });
  await page.press("button", "Create account");
  await page.expectWords("Mailbox");

  await page.fill({ Search: competition.title });
  await page.press("button", "Search");
  await page.expectWords("1 competition for");
  await page.press("link", competition.title);
  await page.expectWords("3 seats left");
  await page.press("button", "Register");
  await page.expectWords("You are registered");
  await page.expectWords("Seat 1");
  expect(await participantsOf(competition)).toHaveLength(1);

  await expect(async () => {
    await page.visit("/mailbox");
    await page.expectWords(`Registration confirmed: ${competition.title}`);
  }).toPass();
  await page.press("link", `Registration confirmed: ${competition.title}`);
  await page.expectWords("Your seat");

  await page.visit(`/competitions/${competition.id}`);
  await page.press("button", "Cancel registration");
  await page.expectWords("Your registration is cancelled.");
  expect(await participantsOf(competition)).toEqual([]);
  await page.press("button", "Log out");
  await page.expectWords("You are logged out.");
}

async function publish(page: FirefoxPage): Promise<void> {
  const title = `Regatta ${freshWord()}`;
  await page.visit("/signup");
  await page.fill({ Name: "Olga Organizer", Email: freshEmail(), Password: PASSWORD });
  await page.press("choice", "Organizer");
  await page.press("button", "Create account");
  await page.press("link", "New competition");
  await page.expectWords("Only you see a draft.");
  await page.fill({ Title: title, Description: "Three **races**.", Capacity: "4" });
  // The same day in every order of day and month; "A" is for clocks of twelve hours.
  await page.fill({ "Start date: Date": "03032040", "Start date: Time": "0900A" });
  await page.press("choice", "A day before the start");
  await page.press("button", "Preview");
  await page.expectWords("Three races.");
  await page.press("button", "Save as draft");
  await page.expectWords("Only you see this page.");
  await page.press("button", "Publish");
  await page.expectWords("Now share it");
  await page.expectWords("3 Mar 2040, 09:00");
  await page.expectWords("4 seats left");
}
