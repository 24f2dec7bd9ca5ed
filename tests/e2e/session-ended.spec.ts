import { openCompetition, PASSWORD, readCompetition, signUp } from "./support/api";
import { expectSeat, logIn, registerButton } from "./support/controls";
import { expect, MODES, test } from "./support/test";

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`when the session ended meanwhile, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("what was typed is in the form again after logging in, and is saved by pressing", async ({
      page,
      context,
      visit,
      signIn,
    }) => {
      const { organizer, id } = await openCompetition({ title: "Chess", capacity: 7 });
      await signIn(organizer);
      await visit(`/competitions/${id}/edit`);
      await page.getByLabel("Title").fill("Chess by night");
      await page.getByLabel("Capacity").fill("many");
      await context.clearCookies();
      await page.getByRole("button", { name: "Save changes" }).click();

      await expect(page.getByRole("status").first()).toContainText("What you typed is kept");
      await expect(page).toHaveTitle("Log in · Mini Compete");
      await page.getByLabel("Email").fill(organizer.email);
      await page.getByLabel("Password").fill("not this one");
      await page.getByRole("button", { name: "Log in" }).click();
      await expect(page).toHaveTitle("Error: Log in · Mini Compete");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Log in" }).click();

      await expect(page.getByText("You were logged out while you were writing.")).toBeVisible();
      await expect(page).toHaveTitle("Edit: Chess · Mini Compete");
      await expect(page.getByLabel("Title")).toHaveValue("Chess by night");
      await expect(page.getByLabel("Capacity")).toHaveValue("many");
      await page.getByLabel("Capacity").fill("7");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByText("Your changes are saved.")).toBeVisible();
      expect(await readCompetition(id)).toMatchObject({ title: "Chess by night", capacity: 7 });

      await visit(`/competitions/${id}/edit`);
      await expect(page.getByLabel("Title")).toHaveValue("Chess by night");
      await expect(page.getByText("You were logged out")).toBeHidden();
    });

    test("the press is kept: a message says so, and logging in carries it out", async ({
      page,
      context,
      visit,
      signIn,
    }) => {
      const { id } = await openCompetition({ capacity: 1 });
      const { email } = await signUp();
      await signIn({ email });
      await visit(`/competitions/${id}`);
      await context.clearCookies();
      await registerButton(page).click();
      await expect(page.getByRole("status").first()).toContainText("You were logged out. Log in");
      await expect(page).toHaveURL(
        `/login?redirectTo=${encodeURIComponent(`/competitions/${id}`)}`,
      );
      expect(await readCompetition(id)).toMatchObject({ seatsLeft: 1 });
      await logIn(page, email);
      await expectSeat(page, 1);
    });
  });
}
