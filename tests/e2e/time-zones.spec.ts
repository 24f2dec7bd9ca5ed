import type { Page } from "@playwright/test";
import { call, freshWord, openCompetition, signUp } from "./support/api";
import { expect, test } from "./support/test";

const ZONES = [
  {
    timezoneId: "America/New_York",
    named: /America\/New York/,
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

    test("reads and shows dates by its own clocks, which the form names", async ({
      page,
      visit,
      signIn,
    }) => {
      const word = freshWord();
      await signIn(await signUp("ORGANIZER"));
      await visit("/");
      await visit("/competitions/new");
      await expect(page.getByLabel("Registration deadline")).toHaveAccessibleDescription(named);
      await fillDates(page, word);
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(page.getByText("40 seats left")).toBeVisible();
      expect(await stored(word)).toMatchObject({ regDeadline, startDate });
      for (const text of shown) await expect(page.getByText(text)).toBeVisible();

      await page.getByRole("link", { name: "Edit" }).click();
      await expect(page.getByLabel("Registration deadline")).toHaveValue("2040-07-01T18:00");
      await expect(page.getByLabel("Start date")).toHaveValue("2040-12-01T09:00");
      await page.getByLabel("Start date").fill("2040-12-02T09:00");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByText("Your changes are saved.")).toBeVisible();
      expect(await stored(word)).toMatchObject({
        regDeadline,
        startDate: startDate.replace("12-01", "12-02"),
      });
    });

    test("means UTC, and says so, on the very first page that it opens", async ({
      page,
      signIn,
    }) => {
      const word = freshWord();
      await signIn(await signUp("ORGANIZER"));
      await page.goto("/competitions/new");
      await expect(page.getByLabel("Registration deadline")).toHaveAccessibleDescription(/UTC/);
      await fillDates(page, word);
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(page.getByText("40 seats left")).toBeVisible();
      expect(await stored(word)).toMatchObject({
        regDeadline: "2040-07-01T18:00:00.000Z",
        startDate: "2040-12-01T09:00:00.000Z",
      });
    });
  });
}

test.describe("a browser without JavaScript", () => {
  test.use({ javaScriptEnabled: false, timezoneId: "Asia/Kolkata" });

  test("is shown UTC, by name", async ({ page, visit }) => {
    const { id } = await openCompetition({
      regDeadline: "2040-07-01T18:00:00Z",
      startDate: "2040-12-01T09:00:00Z",
    });
    await visit(`/competitions/${id}`);
    await expect(page.getByText("Sun 1 Jul 2040, 18:00 UTC")).toBeVisible();
    await expect(page.getByText("Sat 1 Dec 2040, 09:00 UTC")).toBeVisible();
    await expect(page.getByText("Times are shown in UTC.")).toBeVisible();
  });
});

async function fillDates(page: Page, word: string): Promise<void> {
  const fields = {
    Title: `Marathon ${word}`,
    Description: "42 km.",
    Capacity: "40",
    "Registration deadline": "2040-07-01T18:00",
    "Start date": "2040-12-01T09:00",
  };
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
}

async function stored(word: string): Promise<unknown> {
  return (await call<unknown[]>(`/api/competitions?q=${word}`)).body[0];
}
