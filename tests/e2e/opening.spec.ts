import {
  type Competition,
  call,
  HOUR_MS,
  inFuture,
  openCompetition,
  readCompetition,
  signUp,
} from "./support/api";
import { expectSeat, fillNewCompetition, registerButton } from "./support/controls";
import { dateGroup, expectDate, fillDate } from "./support/dates";
import { complaintsOf, expect, MODES, scriptsRun, signIn, test } from "./support/test";

const MINUTE_MS = 60_000;

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`before an opening, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("an organizer says when it opens, is told when that is too late, and moves it", async ({
      page,
      visit,
      signIn,
    }) => {
      await signIn(await signUp("ORGANIZER"));
      // The browser tells its zone on the first page.
      await visit("/competitions");
      await visit("/competitions/new");
      await fillNewCompetition(page);
      await fillDate(page, "Registration opens", "2040-03-02T18:00");
      await page.getByRole("button", { name: "Create competition" }).click();
      const problem = page.getByRole("alert").getByRole("link");
      await expect(problem).toHaveText("Registration must open before its deadline.");
      await expectDate(page, "Registration opens", "2040-03-02T18:00");
      const opens = dateGroup(page, "Registration opens");
      await expect(opens).toHaveAccessibleDescription(/Error: /);

      await fillDate(page, "Registration opens", "2040-02-01T18:00");
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(page.getByRole("status").first()).toContainText("opens at the time you set");
      await expect(page.getByText("Register from")).toBeVisible();
      const facts = page.getByRole("definition");
      await expect(facts.filter({ hasText: "1 Feb 2040" })).toBeVisible();

      await page.getByRole("link", { name: "Edit" }).click();
      await expectDate(page, "Registration opens", "2040-02-01T18:00");
      await fillDate(page, "Registration opens", "");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByText("Your changes are saved.")).toBeVisible();
      await expect(page.getByText("Register from")).toBeHidden();
      const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
      expect(await readCompetition(id)).toMatchObject({ opensAt: null });
    });

    test("lists and its page say when it opens", async ({ page, visit, signIn }) => {
      const competition = await openCompetition({ opensAt: inFuture(5.2 * HOUR_MS) });
      await signIn(await signUp());
      await visit(`/competitions?q=${encodeURIComponent(competition.title)}`);
      await expect(page.getByText("Opens in 5 hours", { exact: true })).toBeVisible();
      await page.getByRole("link", { name: competition.title }).click();
      await expect(page.getByRole("timer")).toHaveText("Opens in 5 hours");
      // Which a phone shows beside the button.
      const panel = page.getByRole("region", { name: "Registration" });
      await expect(panel).toHaveAttribute("data-dock", "Opens in 5 hours");
    });
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the button is there and says how long it takes; the page comes again by itself", async ({
    page,
    visit,
    signIn,
  }) => {
    const competition = await openCompetition({ opensAt: inFuture(4.5 * MINUTE_MS) });
    await signIn(await signUp());
    await visit(`/competitions/${competition.id}`);
    const reload = page.locator("head noscript meta[http-equiv=refresh]");
    const seconds = Number(await reload.getAttribute("content"));
    expect(seconds).toBeGreaterThan(120);
    expect(seconds).toBeLessThanOrEqual(272);

    await registerButton(page).click();
    const answer = page.getByRole("alert");
    await expect(answer).toContainText(/Registration opens in [234] minutes/);
    await open(competition);
    await registerButton(page).click();
    await expectSeat(page, 1);
    await expect(reload).toHaveCount(0);
  });

  test("somebody who is a moment early gets their seat", async ({ page, visit, signIn }) => {
    const competition = await openCompetition({ opensAt: inFuture(HOUR_MS) });
    await signIn(await signUp());
    await visit(`/competitions/${competition.id}`);
    await open(competition, inFuture(1_000));
    await registerButton(page).click();
    await expectSeat(page, 1);
  });
});

test("at the opening the button starts to work, however wrong the visitor's clock is", async ({
  browser,
}) => {
  const competition = await openCompetition({ opensAt: inFuture(HOUR_MS) });
  const people = await Promise.all([signUp(), signUp()]);
  const visits = await Promise.all(
    [2 * HOUR_MS, -2 * HOUR_MS].map(async (errorMs, index) => {
      const context = await browser.newContext();
      await signIn(context, people[index] ?? { email: "" });
      const page = await context.newPage();
      await page.clock.install({ time: Date.now() + errorMs });
      return { page, complaints: complaintsOf(context) };
    }),
  );
  await open(competition, inFuture(6_000));
  const loads: string[] = [];
  for (const { page } of visits) {
    await page.goto(`/competitions/${competition.id}`);
    await scriptsRun(page);
    await expect(page.getByRole("timer")).toHaveText(/^Opens in \d s$/);
    await expect(registerButton(page)).toBeDisabled();
    await registerButton(page).focus();
    page.on("framenavigated", (frame) => loads.push(frame.url()));
  }
  for (const { page } of visits) {
    await expect(registerButton(page)).toBeEnabled();
    await expect(registerButton(page)).toBeFocused();
    await expect(page.getByRole("timer")).toBeHidden();
    await expect(page.locator("#announcer")).toHaveText(/^Registration is open: \d+ seats left\.$/);
    expect(loads).toEqual([]);
  }
  for (const { page, complaints } of visits) {
    await registerButton(page).click();
    await expect(page.getByText("You are registered", { exact: true })).toBeVisible();
    expect(complaints).toEqual([]);
    await page.context().close();
  }
});

test("an open page learns of an opening that was moved, there and back", async ({
  page,
  visit,
  signIn,
}) => {
  const competition = await openCompetition({ opensAt: inFuture(HOUR_MS / 2) });
  await signIn(await signUp());
  await visit(`/competitions/${competition.id}`);
  await expect(registerButton(page)).toBeDisabled();
  // Around an opening pages ask more often.
  await open(competition, inFuture(-1_000));
  await expect(registerButton(page)).toBeEnabled({ timeout: 15_000 });
  await open(competition, inFuture(HOUR_MS));
  await expect(registerButton(page)).toBeDisabled({ timeout: 15_000 });
  await expect(page.getByRole("timer")).toHaveText(/^Opens in \d\d min \d\d s$/);
});

/** Opens a competition: now, or then. */
async function open({ id, organizer }: Competition, opensAt: string | null = null) {
  const { token } = organizer;
  const changed = await call(`/api/competitions/${id}`, {
    method: "PATCH",
    token,
    json: { opensAt },
  });
  expect(changed.status).toBe(200);
}
