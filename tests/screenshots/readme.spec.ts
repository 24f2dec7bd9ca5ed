import type { Page } from "@playwright/test";
import { HOUR_MS, openCompetition, signUp, signUpMany, takeSeat } from "../e2e/support/api";
import { signIn, test } from "../e2e/support/test";

const FRIDAY = 5;
const DAY_MS = 24 * HOUR_MS;
let path: string;

test.use({ deviceScaleFactor: 2 });

test.beforeAll("a competition that many people want", async () => {
  const today = new Date().setUTCHours(0, 0, 0, 0);
  const days = 10 + ((FRIDAY + 7 - new Date(today + 10 * DAY_MS).getUTCDay()) % 7);
  const atFive = (day: number) => new Date(today + day * DAY_MS + 17 * HOUR_MS).toISOString();
  const competition = await openCompetition({
    title: "Hackathon: 48 hours for the city",
    description:
      "Build something that makes the city a little better, from Friday evening to Sunday noon. " +
      "Teams of two to five; come with one or find one on the spot.\n\n" +
      "There is a desk, power, network and soup for everybody. Bring a laptop and a sleeping bag.",
    tags: ["coding", "hackathon", "weekend"],
    capacity: 40,
    regDeadline: atFive(days - 3),
    startDate: atFive(days),
    organizer: await signUp("ORGANIZER", "Alice Organizer"),
  });
  for (const person of await signUpMany(27)) await takeSeat(competition, person);
  path = `/competitions/${competition.id}`;
});

test.beforeEach(async ({ context }) => {
  await signIn(context, await signUp("PARTICIPANT", "Charlie Participant"));
});

test.describe(() => {
  test.use({ viewport: { width: 1280, height: 780 } });

  test("a competition on a desk", async ({ page, visit }) => {
    await visit(path);
    await page.getByRole("button", { name: "Register" }).waitFor();
    await save(page, "competition.png");
  });
});

test.describe(() => {
  test.use({ viewport: { width: 390, height: 780 }, colorScheme: "dark", isMobile: true });

  test("one's seat on a phone", async ({ page, visit }) => {
    await visit(path);
    await page.getByRole("button", { name: "Register" }).click();
    await page.getByText("You are registered").waitFor();
    await save(page, "competition-phone-dark.png");
  });
});

async function save(page: Page, name: string): Promise<void> {
  // Where the mouse happens to be is no part of the picture, nor is a button half-way to a colour.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.mouse.move(0, 0);
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: `docs/images/${name}`, animations: "disabled" });
}
