import { call, freshWord, mailOf, openCompetition, signUp, takeSeat } from "./support/api";
import { expectDate, fillDate, fillFields } from "./support/dates";
import { expect, MODES, test } from "./support/test";

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`from draft to copy, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("a competition is drafted, published, moved, cancelled and duplicated", async ({
      page,
      visit,
      signIn,
    }) => {
      const title = `Regatta ${freshWord()}`;
      await signIn(await signUp("ORGANIZER", "Olga Organizer"));
      await visit("/competitions/new");
      const fields = {
        Title: title,
        Description: "Three races.",
        Capacity: "4",
        "Registration deadline": "2040-03-01T18:00",
        "Start date": "2040-03-08T09:00",
      };
      await fillFields(page, fields);
      await page.getByRole("button", { name: "Save as draft" }).click();
      const status = page.getByRole("status").first();
      await expect(status).toContainText("Only you see it until you publish it");
      await expect(page.getByText("Only you see this page.")).toBeVisible();
      const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
      // What it leads to is for everybody.
      const calendar = page.getByRole("link", { name: "Add to calendar" });
      await expect(calendar).toHaveCount(0);
      expect((await call(`/api/competitions/${id}`)).status).toBe(404);

      await page.getByRole("button", { name: "Publish" }).click();
      await expect(status).toContainText("is published");
      await expect(page.getByText("4 seats left", { exact: true })).toBeVisible();
      await expect(calendar).toBeVisible();
      const share = page.getByRole("heading", { name: "Now share it" });
      await expect(share).toBeVisible();
      const holder = await signUp();
      expect(
        await call(`/api/competitions/${id}/register`, {
          method: "POST",
          token: holder.token,
          json: {},
        }),
      ).toMatchObject({ status: 201 });

      await page.getByRole("link", { name: "Edit" }).click();
      await fillDate(page, "Start date", "2040-03-09T10:00");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(status).toContainText("Your changes are saved.");
      await expect
        .poll(async () => (await mailOf(holder)).map(({ subject }) => subject), { timeout: 30_000 })
        .toContain(`Changed: ${title}`);

      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByRole("button", { name: "Cancel competition" }).click();
      await expect(page.getByText("1 person with a seat")).toBeVisible();
      await page.getByLabel("Message").fill("Mail olga@example.com");
      await page.getByRole("button", { name: "Cancel competition" }).click();
      await expect(page.getByRole("alert")).toContainText("a web or email address");
      await page.getByLabel("Message").fill("No wind.\nSee you next year.");
      await page.getByRole("button", { name: "Cancel competition" }).click();
      await expect(status).toContainText("everybody is told");
      await expect(page.getByRole("heading", { name: "Cancelled" })).toBeVisible();
      await expect(page.getByText("See you next year.")).toBeVisible();
      await expect(calendar.or(share)).toHaveCount(0);
      await expect
        .poll(async () => (await mailOf(holder)).map(({ subject }) => subject), { timeout: 30_000 })
        .toContain(`Cancelled: ${title}`);

      await page.getByRole("button", { name: "Duplicate" }).click();
      await expect(status).toContainText("Here is your copy");
      await expect(page.getByLabel("Title")).toHaveValue(title);
      await expectDate(page, "Registration deadline", "");
      await expectDate(page, "Start date", "");
      await fillDate(page, "Registration deadline", "2041-03-01T18:00");
      await page.getByRole("button", { name: "Publish" }).click();
      await expect(status).toContainText("is published");
      await expect(page.getByText("4 seats left", { exact: true })).toBeVisible();
      expect((await call(`/api/competitions/${id}`)).body).toMatchObject({ status: "cancelled" });
    });

    test("registration is closed early, and what is deleted says so to everybody", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition();
      await takeSeat(competition);
      await signIn(competition.organizer);
      await visit(`/competitions/${competition.id}/edit`);
      await page.getByRole("button", { name: "Close registration now" }).click();
      await expect(page.getByRole("status").first()).toContainText("Registration is closed.");
      await expect(page.getByRole("heading", { name: "Registration closed" })).toBeVisible();

      await call(`/api/competitions/${competition.id}`, {
        method: "DELETE",
        token: competition.organizer.token,
      });
      const answer = await page.goto(`/competitions/${competition.id}`);
      expect(answer?.status()).toBe(410);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("This was taken down");
    });
  });
}
