import { openCompetition, readCompetition, signUp, takeSeat } from "./support/api";
import { siteUrl } from "./support/site-url";
import { expect, test } from "./support/test";

test.describe("what belongs to one organizer", () => {
  const own = ["edit", "participants", "participants.csv", "delete"];

  test("is not there for another organizer or for participants", async ({ context, signIn }) => {
    const competition = await openCompetition();
    await takeSeat(competition);
    for (const role of ["ORGANIZER", "PARTICIPANT"] as const) {
      await signIn(await signUp(role));
      for (const page of own) {
        const url = siteUrl(`/competitions/${competition.id}/${page}`);
        expect((await context.request.get(url)).status(), `${page} for ${role}`).toBe(404);
      }
      for (const page of ["edit", "delete"]) {
        const url = siteUrl(`/competitions/${competition.id}/${page}`);
        const answer = await context.request.post(url, {
          form: { title: "Mine", confirmed: "yes" },
        });
        expect(answer.status(), `posting ${page} for ${role}`).toBe(404);
      }
    }
    expect(await readCompetition(competition.id)).toMatchObject({ title: competition.title });
  });

  test("asks people who are not signed in to log in", async ({ page }) => {
    const competition = await openCompetition();
    for (const path of own) {
      await page.goto(`/competitions/${competition.id}/${path}`);
      await expect(page).toHaveURL(/\/login\?redirectTo=%2Fcompetitions%2F/);
    }
  });

  test("is told apart from what belongs to participants", async ({ page, signIn }) => {
    await signIn(await signUp("PARTICIPANT"));
    for (const path of ["/competitions/new", "/my-competitions"]) {
      expect((await page.goto(path))?.status(), path).toBe(403);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(/not for your account/);
    }
    await signIn(await signUp("ORGANIZER"));
    expect((await page.goto("/my-registrations"))?.status()).toBe(403);
  });

  test("lets organizers look at each other's competitions, but take no seat", async ({
    context,
    page,
    signIn,
  }) => {
    const competition = await openCompetition();
    await signIn(await signUp("ORGANIZER"));
    await page.goto(`/competitions/${competition.id}`);
    await expect(page.getByText("Organizers take no seats")).toBeVisible();
    await expect(page.getByRole("link", { name: "Edit" })).toBeHidden();
    const form = { intent: "register", idempotencyKey: "a-key" };
    const url = siteUrl(`/competitions/${competition.id}`);
    expect((await context.request.post(url, { form })).status()).toBe(403);
  });
});
