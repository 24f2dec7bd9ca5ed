import type { Page } from "@playwright/test";
import { type Competition, call, freshWord, signUp } from "./support/api";
import { dateGroup, expectDate, fillDate, fillFields } from "./support/dates";
import { expect, MODES, test } from "./support/test";

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`an organizer of something new, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("creates a competition, finds it in the list, and edits one field of it", async ({
      page,
      visit,
      signIn,
    }) => {
      const word = freshWord();
      await signIn(await signUp("ORGANIZER", "Olga Organizer"));
      await visit("/competitions");
      await page.getByRole("link", { name: "New competition" }).click();
      await fillCompetition(page, { Title: `Hackathon ${word}`, Capacity: "40" });
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(page.getByRole("status").first()).toContainText("open for registration");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Hackathon ${word}`);
      await expect(page.getByText("40 seats left")).toBeVisible();
      await expect(page.getByRole("link", { name: "coding" })).toBeVisible();

      const [created] = await find(word);
      expect(created).toMatchObject({ capacity: 40, tags: ["coding", "hackathon"], seatsLeft: 40 });
      expect(created).toMatchObject({ organizer: { name: "Olga Organizer" } });

      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Title").fill(`Hackathon ${word}, moved`);
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByRole("status").first()).toContainText("Your changes are saved.");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(/, moved$/);
      const [edited] = await find(word);
      const title = `Hackathon ${word}, moved`;
      expect(edited).toEqual({ ...created, title, version: 2, updatedAt: expect.any(String) });
    });

    test("types from right to left what is written that way", async ({ page, visit, signIn }) => {
      await signIn(await signUp("ORGANIZER"));
      await visit("/competitions/new");
      for (const field of ["Title", "Description"]) {
        await page.getByLabel(field).fill("מירוץ הקומקומים!");
        await expect(page.getByLabel(field)).toHaveCSS("direction", "rtl");
      }
    });

    test("says where and until when it is, by whose clocks, and closes at the start", async ({
      page,
      visit,
      signIn,
    }) => {
      const word = freshWord();
      await signIn(await signUp("ORGANIZER"));
      await visit("/competitions/new");
      await fillCompetition(page, {
        Title: `Meet ${word}`,
        "Place or link": "javascript:alert(1)",
        "Registration deadline": "",
        "Start date": "2040-03-08T09:00",
        Ends: "2040-03-08T08:00",
      });
      await page.getByLabel("Time zone").selectOption("Europe/Paris");
      await page.getByLabel("A day before the start").check();
      await page.getByLabel("Late entry").check();
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(page.getByLabel("Place or link")).toHaveAccessibleDescription(/https:/);
      await expect(dateGroup(page, "Ends")).toHaveAccessibleDescription(/Error: .*after/);
      await expectDate(page, "Ends", "2040-03-08T08:00");
      await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Paris");
      await expect(page.getByLabel("A day before the start")).toBeChecked();
      await expect(page.getByLabel("Late entry")).toBeChecked();

      await page.getByLabel("Place or link").fill("https://meet.example/abc");
      await fillDate(page, "Ends", "2040-03-08T18:00");
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Meet ${word}`);
      await expect(page.getByText("Thu 8 Mar 2040, 09:00 CET")).toBeVisible();
      await expect(page.getByText("Thu 8 Mar 2040, 18:00 CET")).toBeVisible();
      const link = page.getByRole("link", { name: "https://meet.example/abc" });
      await expect(link).toHaveAttribute("rel", /noopener/);
      const [created] = await find(word);
      expect(created).toMatchObject({
        regDeadline: "2040-03-07T08:00:00.000Z",
        endsAt: "2040-03-08T17:00:00.000Z",
        timeZone: "Europe/Paris",
        lateEntry: true,
      });

      await page.getByRole("link", { name: "Edit" }).click();
      await expectDate(page, "Registration deadline", "2040-03-07T09:00");
      await expect(page.getByLabel("As set here")).toBeChecked();
      await fillDate(page, "Start date", "2040-03-06T09:00");
      await fillDate(page, "Ends", "");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByText("Tue 6 Mar 2040, 09:00 CET")).toBeVisible();
    });

    test("is told what is wrong with a competition, and keeps what was typed", async ({
      page,
      visit,
      signIn,
    }) => {
      await signIn(await signUp("ORGANIZER"));
      await visit("/competitions/new");
      await fillCompetition(page, {
        Title: "",
        Capacity: "0",
        "Registration deadline": "2020-01-31T18:00",
        "Start date": "2020-01-30T18:00",
      });
      await page.getByRole("button", { name: "Create competition" }).click();
      const summary = page.getByRole("alert");
      await expect(summary).toBeFocused();
      await expect(summary.getByRole("link", { name: "A title is required" })).toBeVisible();
      await expect(
        summary.getByRole("link", { name: "Capacity must be at least 1" }),
      ).toBeVisible();
      for (const label of ["Title", "Capacity"]) {
        await expect(page.getByLabel(label)).toHaveAttribute("aria-invalid", "true");
        await expect(page.getByLabel(label)).toHaveAccessibleDescription(/Error: /);
      }
      const start = dateGroup(page, "Start date");
      await expect(start.getByLabel("Date")).toHaveAttribute("aria-invalid", "true");
      await expect(start).toHaveAccessibleDescription(/Error: /);
      await expect(page).toHaveTitle("Error: New competition · Mini Compete");
      await expect(page.getByLabel("Description")).toHaveValue("Two days.\nBring a laptop.");
      await expect(page.getByLabel("Tags")).toHaveValue("Coding, hackathon");
      await expect(page.getByLabel("Capacity")).toHaveValue("0");
      await expectDate(page, "Registration deadline", "2020-01-31T18:00");
      await expectDate(page, "Start date", "2020-01-30T18:00");

      await summary.getByRole("link", { name: "A title is required" }).click();
      await expect(page.getByLabel("Title")).toBeFocused();

      // What only the domain can say comes back on the same form.
      await page.getByLabel("Title").fill("Hackathon");
      await page.getByLabel("Capacity").fill("5");
      await fillDate(page, "Start date", "");
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(summary.getByRole("link")).toHaveCount(1);
      const deadline = dateGroup(page, "Registration deadline");
      await expect(deadline).toHaveAccessibleDescription(/Error: .*future/);
      await expect(page.getByLabel("Title")).toHaveValue("Hackathon");
    });
  });
}

/** Fills in the whole form: a good competition, but for what is given. */
async function fillCompetition(page: Page, changes: Record<string, string>): Promise<void> {
  const fields = {
    Title: "Hackathon",
    Description: "Two days.\nBring a laptop.",
    Tags: "Coding, hackathon",
    Capacity: "40",
    "Registration deadline": "2040-03-01T18:00",
    "Start date": "2040-03-08T09:00",
    ...changes,
  };
  await fillFields(page, fields);
}

async function find(word: string): Promise<Competition[]> {
  return (await call<Competition[]>(`/api/competitions?q=${word}`)).body;
}
