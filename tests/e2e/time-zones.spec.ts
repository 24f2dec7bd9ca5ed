import type { Page } from "@playwright/test";
import { call, freshWord, openCompetition, signUp } from "./support/api";
import { expectDate, fillDate, fillFields } from "./support/dates";
import { expect, test } from "./support/test";

const ZONES = [
  {
    timezoneId: "America/New_York",
    named: "America/New_York",
    regDeadline: "2040-07-01T22:00:00.000Z",
    startDate: "2040-12-01T14:00:00.000Z",
    shown: ["Sun 1 Jul 2040, 18:00 EDT", "Sat 1 Dec 2040, 09:00 EST"],
  },
  {
    timezoneId: "Asia/Kolkata",
    named: /Asia\/(Kolkata|Calcutta)/,
    regDeadline: "2040-07-01T12:30:00.000Z",
    startDate: "2040-12-01T03:30:00.000Z",
    shown: ["Sun 1 Jul 2040, 18:00 IST", "Sat 1 Dec 2040, 09:00 IST"],
  },
];

for (const { timezoneId, named, regDeadline, startDate, shown } of ZONES) {
  test.describe(`a browser in ${timezoneId}`, () => {
    test.use({ timezoneId });

    test("uses its own time zone for the form, and keeps the competition's", async ({
      page,
      visit,
      signIn,
    }) => {
      const word = freshWord();
      await signIn(await signUp("ORGANIZER"));
      await visit("/");
      await visit("/competitions/new");
      await expect(page.getByLabel("Time zone")).toHaveValue(named);
      await fillCompetition(page, word);
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(page.getByText("40 seats left")).toBeVisible();
      expect(await stored(word)).toMatchObject({ regDeadline, startDate });
      for (const text of shown) await expect(page.getByText(text)).toBeVisible();
      await expect(page.getByText("your time", { exact: false })).toBeHidden();

      await page.getByRole("link", { name: "Edit" }).click();
      await expectDate(page, "Registration deadline", "2040-07-01T18:00");
      await expectDate(page, "Start date", "2040-12-01T09:00");
      await fillDate(page, "Start date", "2040-12-02T09:00");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByText("Your changes are saved.")).toBeVisible();
      expect(await stored(word)).toMatchObject({
        regDeadline,
        startDate: startDate.replace("12-01", "12-02"),
      });
    });
  });
}

test.describe("a browser in New York", () => {
  test.use({ timezoneId: "America/New_York" });

  test("shows the place's time, and its own beside it", async ({ page, visit }) => {
    const { id, title } = await openCompetition({
      regDeadline: "2040-07-01T18:00:00Z",
      startDate: "2040-12-01T02:00:00Z",
      timeZone: "Europe/Paris",
    });
    await visit(`/competitions/${id}`);
    await expect(page.getByText("Sat 1 Dec 2040, 03:00 CET")).toBeVisible();
    await expect(page.getByText("Fri 30 Nov 2040, 21:00 EST your time")).toBeVisible();
    await expect(page.getByText("Sun 1 Jul 2040, 20:00 CEST")).toBeVisible();
    await expect(page.getByText(", 14:00 EDT your time")).toBeVisible();
    await visit(`/competitions?q=${encodeURIComponent(title)}`);
    await expect(page.getByText("Sat 1 Dec 2040, 03:00 CET")).toBeVisible();
    await expect(page.getByText("Fri 30 Nov 2040, 21:00 EST your time")).toBeVisible();
  });
});

test.describe("a browser without JavaScript", () => {
  test.use({ javaScriptEnabled: false, timezoneId: "Asia/Kolkata" });

  test("shows the place's time with its zone, and no other", async ({ page, visit }) => {
    const { id } = await openCompetition({
      regDeadline: "2040-07-01T18:00:00Z",
      startDate: "2040-12-01T09:00:00Z",
    });
    await visit(`/competitions/${id}`);
    await expect(page.getByText("your time")).toBeHidden();
    await expect(page.getByText("Sun 1 Jul 2040, 18:00 UTC")).toBeVisible();
    await expect(page.getByText("Sat 1 Dec 2040, 09:00 UTC")).toBeVisible();
    await expect(page.getByText("Times are shown in UTC, ")).toBeVisible();
  });
});

async function fillCompetition(page: Page, word: string): Promise<void> {
  await fillFields(page, {
    Title: `Marathon ${word}`,
    Description: "42 km.",
    Capacity: "40",
    "Registration deadline": "2040-07-01T18:00",
    "Start date": "2040-12-01T09:00",
  });
}

async function stored(word: string): Promise<unknown> {
  return (await call<unknown[]>(`/api/competitions?q=${word}`)).body[0];
}
