import {
  freshEmail,
  openCompetition,
  PASSWORD,
  participantsOf,
  signUp,
  takeSeat,
} from "./support/api";
import { axeFindings } from "./support/axe";
import { expectSeat, logIn, registerButton } from "./support/controls";
import { expect, MODES, test } from "./support/test";

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`a visitor a visitor who is not signed in and presses Register, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("signs up on the way and has their seat then", async ({ page, visit }) => {
      const competition = await openCompetition();
      await visit(`/competitions/${competition.id}`);
      await registerButton(page).click();
      await expect(page).toHaveURL(/\/signup\?redirectTo=/);
      await expect(page.getByText(`to register for ${competition.title}`)).toBeVisible();
      await expect(page.getByRole("radio", { name: "Participant" })).toBeChecked();
      if (javaScriptEnabled) expect(await axeFindings(page)).toEqual([]);
      const email = freshEmail();
      await page.getByLabel("Name").fill("Paula Participant");
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password").fill("short");
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
      await expect(page.getByText(`to register for ${competition.title}`)).toBeVisible();
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page).toHaveURL(`/competitions/${competition.id}`);
      await expectSeat(page, 1);
      // On a phone the seat itself is further down.
      const news = page.getByRole("status").first();
      await expect(news).toHaveText("You are registered. Your seat is number 1.");
      if (javaScriptEnabled) await expect(news).toBeFocused();
      expect(await participantsOf(competition)).toMatchObject([{ user: { email } }]);
    });

    test("logs in on the way, and is told when the last seat went meanwhile", async ({
      page,
      visit,
    }) => {
      const competition = await openCompetition({ capacity: 2 });
      const { email } = await signUp();
      await visit(`/competitions/${competition.id}`);
      await registerButton(page).click();
      await page.getByRole("main").getByRole("link", { name: "Log in", exact: true }).click();
      await expect(page).toHaveURL(/\/login\?redirectTo=/);
      await expect(page.getByText(`to register for ${competition.title}`)).toBeVisible();
      await logIn(page, email);
      await expectSeat(page, 1);

      await page.getByRole("button", { name: "Log out" }).click();
      await expect(page.getByText("You are logged out.")).toBeVisible();
      await visit(`/competitions/${competition.id}`);
      await registerButton(page).click();
      await page.getByRole("main").getByRole("link", { name: "Log in", exact: true }).click();
      await expect(page).toHaveURL(/\/login\?redirectTo=/);
      await takeSeat(competition);
      await logIn(page, (await signUp()).email);
      await expect(page.getByText("The last seat went to somebody else")).toBeVisible();
      await expect(page.getByText("Sold out", { exact: true })).toBeVisible();
      expect(await participantsOf(competition)).toHaveLength(2);
    });
  });
}
