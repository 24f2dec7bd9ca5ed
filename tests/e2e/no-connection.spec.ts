import { openCompetition, PASSWORD, participantsOf, signUp } from "./support/api";
import { expectSeat, registerButton } from "./support/controls";
import { expectDate, fillDate } from "./support/dates";
import { expect, test } from "./support/test";

/** The browser says of each request that it failed, which is what is tested here. */
const ABOUT_THE_NETWORK = /^Failed to load resource: net::ERR_/;
const forgetTheNetwork = (complaints: string[]) => {
  const others = complaints.filter((complaint) => !ABOUT_THE_NETWORK.test(complaint));
  complaints.splice(0, complaints.length, ...others);
};

const MESSAGE = "No connection, so this may not have arrived. Press again in a moment.";

test.describe("without a network at the moment of pressing", () => {
  test("what an organizer typed stays, and is saved by pressing again", async ({
    page,
    context,
    complaints,
    visit,
    signIn,
  }) => {
    const { organizer } = await openCompetition({});
    await signIn(organizer);
    await visit("/competitions/new");
    await page.getByLabel("Title").fill("Typed on a train");
    await page.getByLabel("Description").fill("Through a tunnel.");
    await page.getByLabel("Capacity").fill("1,000");
    await fillDate(page, "Registration deadline", "2031-05-01T12:00");
    await context.setOffline(true);
    await page.getByRole("button", { name: "Create competition" }).click();
    await expect(page.getByRole("alert")).toContainText(MESSAGE);
    await expect(page.getByRole("alert")).toBeFocused();
    await expect(page.getByLabel("Description")).toHaveValue("Through a tunnel.");
    await expectDate(page, "Registration deadline", "2031-05-01T12:00");

    await context.setOffline(false);
    await page.getByRole("button", { name: "Create competition" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Typed on a train");
    await expect(page.getByText("1,000 seats left")).toBeVisible();
    forgetTheNetwork(complaints);
  });

  test("Register stays, and gives one seat for both presses", async ({
    page,
    complaints,
    visit,
    signIn,
  }) => {
    const competition = await openCompetition({ capacity: 3 });
    await signIn(await signUp());
    // Before its scripts run, the page sends the form without them, and loses no connection.
    await visit(`/competitions/${competition.id}`);
    // The request arrives, its answer does not.
    await page.route("**/*.data*", async (route) => {
      if (route.request().method() === "POST") await route.fetch();
      await route.abort("connectionreset");
    });
    await registerButton(page).click();
    await expect(page.getByRole("alert")).toContainText(MESSAGE);
    await expect(registerButton(page)).toBeVisible();
    await page.unroute("**/*.data*");
    await registerButton(page).click();
    await expectSeat(page, 1);
    expect(await participantsOf(competition)).toHaveLength(1);
    forgetTheNetwork(complaints);
  });

  test("a password stays, and logs in by pressing again", async ({ page, context, complaints }) => {
    const { email } = await signUp();
    await page.goto("/login");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await context.setOffline(true);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("alert")).toContainText(MESSAGE);
    await context.setOffline(false);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("button", { name: "Log out" })).toBeVisible();
    forgetTheNetwork(complaints);
  });
});
