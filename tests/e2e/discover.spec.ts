import { freshWord, HOUR_MS, inFuture, openCompetition, signUp, takeSeat } from "./support/api";
import { expect, MODES, test } from "./support/test";

const word = freshWord();

test.beforeAll(async () => {
  const organizer = await signUp("ORGANIZER", `Greta ${word}`);
  const far = { regDeadline: inFuture(24 * HOUR_MS), organizer };
  const in400Days = inFuture(400 * 24 * HOUR_MS);
  await openCompetition({ ...far, title: `Later ${word}`, startDate: in400Days, tags: [word] });
  await openCompetition({ ...far, title: `Sooner ${word}`, startDate: inFuture(48 * HOUR_MS) });
  await openCompetition({ ...far, title: `Unopened ${word}`, opensAt: inFuture(HOUR_MS) });
});

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(how, () => {
    test.use({ javaScriptEnabled });

    test("what is open is found by its day, what opens soon apart, and each has an address", async ({
      page,
      visit,
    }) => {
      const cards = page.getByRole("article");
      await visit(`/competitions?q=${word}&when=open`);
      await expect(cards).toHaveCount(2);
      await expect(cards.first()).toContainText("Sooner");
      // Each below its month.
      await expect(page.getByRole("heading", { level: 3 })).toHaveCount(2);
      await expect(page.getByRole("heading", { level: 4 })).toHaveCount(2);

      const when = page.getByRole("navigation", { name: "When" });
      await when.getByRole("link", { name: "Soon" }).click();
      await expect(page).toHaveURL(`/competitions?q=${word}&when=soon`);
      await expect(page).toHaveTitle(`“${word}”, Opening soon · Mini Compete`);
      await expect(cards).toHaveCount(1);
      await expect(cards).toContainText("Unopened");
      await when.getByRole("link", { name: "Past" }).click();
      await expect(page.getByText("Nothing matches")).toBeVisible();
      // A search keeps to what it was asked in; who just searches finds all.
      await page.getByRole("searchbox", { name: "Search" }).fill(`greta ${word} later`);
      await page.getByRole("button", { name: "Search" }).click();
      await expect(page).toHaveURL(/when=past/);
      await visit(`/competitions?q=${word}`);
      await expect(cards).toHaveCount(3);

      await visit(`/competitions?when=open&tag=${word}`);
      await expect(cards).toHaveCount(1);
      const canonical = page.locator("link[rel=canonical]");
      await expect(canonical).toHaveAttribute("href", new RegExp(`\\?when=open&tag=${word}$`));
      await page.getByRole("link", { name: word, exact: true }).click();
      await expect(page).toHaveURL("/competitions?when=open");
      await expect(canonical).toHaveAttribute("href", /\/competitions$/);
    });

    test("what comes next for somebody comes first", async ({ page, visit, signIn }) => {
      const mine = await openCompetition({ title: `Mine ${freshWord()}` });
      const person = await signUp();
      await signIn(person);
      for (const path of ["/", "/competitions"]) {
        await visit(path);
        await expect(page.getByRole("heading", { name: "Your next" })).toHaveCount(0);
      }
      await takeSeat(mine, person);
      for (const path of ["/", "/competitions"]) {
        await visit(path);
        const next = page.getByRole("region", { name: "Your next" });
        await expect(next.getByRole("link", { name: mine.title })).toBeVisible();
        await expect(next.getByText("You’re in")).toBeVisible();
      }
      // Wherever else it stands, nobody is offered what they have.
      for (const path of [`/competitions?q=${mine.title}`, `/organizers/${mine.organizer.id}`]) {
        await visit(path);
        await expect(page.getByRole("link", { name: mine.title })).toHaveCount(1);
        await expect(page.getByText("You’re in")).toHaveCount(1);
      }
    });

    test("the one button of a phone stands in a bar at the bottom, and covers nothing", async ({
      page,
      visit,
      signIn,
    }) => {
      await page.setViewportSize({ width: 360, height: 640 });
      await signIn(await signUp());
      const { id } = await openCompetition({ description: "Words.\n".repeat(60) });
      await visit(`/competitions/${id}`);
      const button = page.getByRole("button", { name: "Register", exact: true });
      const bottom = async () => {
        const box = await button.boundingBox();
        return 640 - (box?.y ?? 0) - (box?.height ?? 0);
      };
      expect(await bottom()).toBeLessThan(20);
      await page.mouse.wheel(0, 10_000);
      expect(await bottom()).toBeLessThan(20);
      const last = page.getByRole("contentinfo").getByText("Times are shown in");
      await expect(last).toBeInViewport({ ratio: 1 });
      const [words, bar] = [await last.boundingBox(), await button.boundingBox()];
      expect((words?.y ?? 0) + (words?.height ?? 0)).toBeLessThan(bar?.y ?? 0);
      await button.click();
      await expect(page.getByText("You are registered", { exact: true })).toBeVisible();
    });
  });
}
