import { closeSoon, openCompetition, signUp, takeSeat } from "./support/api";
import { expectSeat, registerButton } from "./support/controls";
import { siteUrl } from "./support/site-url";
import { expect, test } from "./support/test";

test.describe("a participant with an old page", () => {
  test.use({ javaScriptEnabled: false });

  test("is told when the deadline passed while they were reading", async ({
    page,
    request,
    signIn,
  }) => {
    await signIn(await signUp());
    const competition = await openCompetition();
    const path = `/competitions/${competition.id}`;
    await page.goto(path);
    await expect(registerButton(page)).toBeVisible();
    await closeSoon(competition);
    const seats = async () => (await request.get(`${path}/seats`)).json();
    await expect.poll(seats).toMatchObject({ state: "closed" });
    await registerButton(page).click();
    await expect(page.getByRole("alert")).toContainText("The deadline passed");
    await expect(page.getByText("Registration closed", { exact: true })).toBeVisible();
    await expect(registerButton(page)).toBeHidden();
  });

  test("is told so when its seat was given back since", async ({ page, signIn }) => {
    const competition = await openCompetition();
    await signIn(await signUp());
    const path = `/competitions/${competition.id}`;
    await page.goto(path);
    const idempotencyKey = await page.locator("input[name=idempotencyKey]").inputValue();
    await registerButton(page).click();
    await expectSeat(page, 1);
    await page.getByRole("button", { name: "Cancel registration" }).click();
    await expect(page.getByText("Your registration is cancelled.")).toBeVisible();

    // As a browser does that shows the page from before.
    const form = { intent: "register", idempotencyKey };
    const answer = await page.request.post(siteUrl(path), { form });
    expect(await answer.text()).toContain("Press Register once more");
    await registerButton(page).click();
    await expect(page.getByText("You are registered", { exact: true })).toBeVisible();
  });
});

test("an open page learns by itself that the seats are gone", async ({ page, visit }) => {
  const competition = await openCompetition({ capacity: 1 });
  await visit(`/competitions/${competition.id}`);
  await expect(page.getByText("1 seat left", { exact: true })).toBeVisible();
  await takeSeat(competition);
  await expect(page.getByText("Sold out", { exact: true })).toBeVisible({ timeout: 15_000 });
});
