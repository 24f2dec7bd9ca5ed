import type { Page } from "@playwright/test";
import {
  freshEmail,
  freshWord,
  inFuture,
  openCompetition,
  PASSWORD,
  participantsOf,
  register,
  signUp,
  takeSeat,
} from "./support/api";
import { siteUrl } from "./support/site-url";
import { expect, MODES, test } from "./support/test";

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`a participant ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("signs up, finds a competition, takes a seat and is sent a confirmation", async ({
      page,
      visit,
      reload,
    }) => {
      const word = freshWord();
      const competition = await openCompetition({ title: `Chess ${word}`, capacity: 3 });
      await takeSeat(competition);

      await visit("/signup");
      await page.getByLabel("Name").fill("Paula Participant");
      await page.getByLabel("Email").fill(freshEmail());
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("radio", { name: "Participant" }).check();
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page).toHaveURL("/competitions");
      await expect(page.getByRole("banner")).toContainText("Paula Participant");

      await page.getByRole("searchbox", { name: "Search" }).fill(word);
      await page.getByRole("button", { name: "Search" }).click();
      await expect(page.getByText("1 competition", { exact: false })).toBeVisible();
      await page.getByRole("link", { name: competition.title }).click();
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(competition.title);
      await expect(page.getByText("2 seats left")).toBeVisible();

      await page.getByRole("button", { name: "Register", exact: true }).click();
      await expectSeat(page, 2);
      await expect(page).toHaveURL(`/competitions/${competition.id}`);
      await expect(page.getByText("1 seat left", { exact: true })).toBeVisible();

      await mainMenu(page, "My registrations").click();
      await expect(page.getByRole("link", { name: competition.title })).toBeVisible();
      await expect(page.getByText("Seat 2")).toBeVisible();

      await mainMenu(page, "Mailbox").click();
      await expect(page).toHaveURL("/mailbox");
      const mail = page.getByRole("link", {
        name: `Registration confirmed: ${competition.title}`,
        exact: true,
      });
      await expect(async () => {
        await reload();
        await expect(mail).toBeVisible({ timeout: 500 });
      }).toPass({ timeout: 20_000 });
      await mail.click();
      await expect(page.getByText("Your seat")).toBeVisible();
      await page.getByRole("link", { name: siteUrl(`/competitions/${competition.id}`) }).click();
      await expectSeat(page, 2);
    });

    test("gives the seat back and takes one again", async ({ page, visit, signIn }) => {
      const competition = await openCompetition({ capacity: 2 });
      await signIn(await signUp());
      await visit(`/competitions/${competition.id}`);
      await registerButton(page).click();
      await expectSeat(page, 1);

      await page.getByRole("button", { name: "Cancel registration" }).click();
      await expect(page.getByText("Your registration is cancelled.")).toBeVisible();
      await expect(page.getByText("2 seats left")).toBeVisible();
      expect(await participantsOf(competition)).toEqual([]);

      await registerButton(page).click();
      await expect(page.getByText("You are registered", { exact: true })).toBeVisible();
      await expect(page.getByText("Your registration is cancelled.")).toBeHidden();
      expect(await participantsOf(competition)).toHaveLength(1);
    });

    test("is asked once more before giving a seat back in a full competition", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 1 });
      const participant = await signUp();
      await takeSeat(competition, participant);
      await signIn(participant);
      await visit(`/competitions/${competition.id}`);
      await page.getByRole("button", { name: "Cancel registration" }).click();
      await expect(page.getByText("Everything is sold out.")).toBeVisible();
      await page.getByRole("link", { name: "Keep my seat" }).click();
      await expect(page.getByText("Everything is sold out.")).toBeHidden();
      await expectSeat(page, 1);

      await page.getByRole("button", { name: "Cancel registration" }).click();
      await expect(page.getByText("Everything is sold out.")).toBeVisible();
      await page.getByRole("button", { name: "Cancel registration" }).click();
      await expect(page.getByText("Your registration is cancelled.")).toBeVisible();
      await expect(registerButton(page)).toBeVisible();
    });

    test("sees that a competition is sold out", async ({ page, visit, signIn }) => {
      const competition = await openCompetition({ capacity: 1 });
      await takeSeat(competition);
      await signIn(await signUp());
      await visit(`/competitions/${competition.id}`);
      await expect(page.getByText("Sold out", { exact: true })).toBeVisible();
      await expect(registerButton(page)).toBeHidden();
      await visit(`/competitions?q=${encodeURIComponent(competition.title)}`);
      await expect(page.getByText("Sold out", { exact: true })).toBeVisible();
    });

    test("is told when the last seat went while they were reading", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 1 });
      await signIn(await signUp());
      await keepSeatNewsFrom(page);
      await visit(`/competitions/${competition.id}`);
      await takeSeat(competition);
      await registerButton(page).click();
      await expect(page.getByRole("alert")).toContainText("The last seat went to somebody else");
      await expect(page.getByText("Sold out", { exact: true })).toBeVisible();
    });

    test("is told when the deadline passed while they were reading", async ({
      page,
      visit,
      reload,
      request,
      signIn,
    }) => {
      await signIn(await signUp());
      const competition = await openCompetition({ regDeadline: inFuture(5_000) });
      const path = `/competitions/${competition.id}`;
      await keepSeatNewsFrom(page);
      await visit(path);
      await expect(registerButton(page)).toBeVisible();
      const seats = async () => (await request.get(`${path}/seats`)).json();
      await expect.poll(seats).toMatchObject({ state: "closed" });
      await registerButton(page).click();
      await expect(page.getByRole("alert")).toContainText("The deadline passed");
      await reload();
      await expect(page.getByText("Registration closed", { exact: true })).toBeVisible();
      await expect(registerButton(page)).toBeHidden();
    });

    test("logs out, and comes back to where logging in was asked for", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition();
      const participant = await signUp();
      await signIn(participant);
      await visit("/competitions");
      await page.getByRole("button", { name: "Log out" }).click();
      await expect(page.getByText("You are logged out.")).toBeVisible();
      await expect(page).toHaveURL("/");

      await visit("/my-registrations");
      await expect(page).toHaveURL("/login?redirectTo=%2Fmy-registrations");
      await page.getByLabel("Email").fill(participant.email);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Log in" }).click();
      await expect(page).toHaveURL("/my-registrations");

      await page.getByRole("button", { name: "Log out" }).click();
      await expect(page.getByText("You are logged out.")).toBeVisible();
      await visit(`/competitions/${competition.id}`);
      await page.getByRole("link", { name: "Log in to register" }).click();
      await page.getByLabel("Email").fill(participant.email);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Log in" }).click();
      await expect(page).toHaveURL(`/competitions/${competition.id}`);
      await expect(registerButton(page)).toBeVisible();
    });

    test("whose session ended meanwhile logs in and can register then", async ({
      context,
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition();
      const participant = await signUp();
      await signIn(participant);
      await visit(`/competitions/${competition.id}`);
      await context.clearCookies({ name: "session" });
      await registerButton(page).click();
      await expect(page).toHaveURL(`/login?redirectTo=%2Fcompetitions%2F${competition.id}`);
      await page.getByLabel("Email").fill(participant.email);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Log in" }).click();
      await registerButton(page).click();
      await expectSeat(page, 1);
    });

    test("is told what is wrong with a sign-up, and keeps what was typed", async ({
      page,
      visit,
    }) => {
      const { email } = await signUp();
      await visit("/signup");
      await page.getByLabel("Name").fill("Paula Participant");
      await page.getByLabel("Email").fill("no-address");
      await page.getByLabel("Password").fill("short");
      await page.getByRole("radio", { name: "Organizer" }).check();
      await page.getByRole("button", { name: "Create account" }).click();
      const summary = page.getByRole("alert");
      await expect(summary).toBeFocused();
      await expect(summary.getByRole("link")).toHaveCount(2);
      await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid", "true");
      await expect(page.getByLabel("Email")).toHaveAccessibleDescription(/Error: /);
      await expect(page.getByLabel("Name")).toHaveValue("Paula Participant");
      await expect(page.getByLabel("Email")).toHaveValue("no-address");
      await expect(page.getByRole("radio", { name: "Organizer" })).toBeChecked();
      await expect(page.getByLabel("Password")).toHaveValue("");

      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(summary).toContainText("There is an account with this address");
      await summary.getByRole("link").click();
      await expect(page.getByLabel("Email")).toBeFocused();
    });

    test("gets one seat for a double click", async ({ page, visit, signIn }) => {
      const competition = await openCompetition();
      await signIn(await signUp());
      await visit(`/competitions/${competition.id}`);
      await registerButton(page).dblclick();
      await expectSeat(page, 1);
      expect(await participantsOf(competition)).toHaveLength(1);
      await expect(page.getByText("9 seats left")).toBeVisible();
    });

    test("gets one seat with two tabs", async ({ context, page, visit, signIn }) => {
      const competition = await openCompetition();
      await signIn(await signUp());
      await visit(`/competitions/${competition.id}`);
      const other = await context.newPage();
      await other.goto(`/competitions/${competition.id}`);
      await registerButton(page).click();
      await expectSeat(page, 1);
      await registerButton(other).click();
      await expectSeat(other, 1);
      expect(await participantsOf(competition)).toHaveLength(1);
    });

    test("does not register again by loading the page again or by going back", async ({
      page,
      visit,
      reload,
      signIn,
    }) => {
      const competition = await openCompetition();
      await signIn(await signUp());
      await visit("/competitions");
      await visit(`/competitions/${competition.id}`);
      await registerButton(page).click();
      await expectSeat(page, 1);
      await reload();
      await expectSeat(page, 1);
      await mainMenu(page, "Mailbox").click();
      await expect(page).toHaveURL("/mailbox");
      await page.goBack();
      await expectSeat(page, 1);
      expect(await participantsOf(competition)).toHaveLength(1);
    });

    test("hears it when an old page is used again after giving the seat back", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition();
      const participant = await signUp();
      await signIn(participant);
      const path = `/competitions/${competition.id}`;
      await visit(path);
      const old = await page.locator("input[name=idempotencyKey]").inputValue();
      await registerButton(page).click();
      await expectSeat(page, 1);
      await page.getByRole("button", { name: "Cancel registration" }).click();
      await expect(page.getByText("Your registration is cancelled.")).toBeVisible();

      // What a browser without scripts does that shows a page from before.
      const answer = await page.request.post(siteUrl(path), {
        form: { intent: "register", idempotencyKey: old },
      });
      expect(await answer.text()).toContain("Press Register once more");
      await registerButton(page).click();
      await expect(page.getByText("You are registered", { exact: true })).toBeVisible();
    });

    test("never takes a seat with somebody else's key", async ({ page, visit, signIn }) => {
      const competition = await openCompetition();
      const [first, second] = [await signUp(), await signUp()];
      await signIn(first);
      await visit(`/competitions/${competition.id}`);
      const key = await page.locator("input[name=idempotencyKey]").inputValue();
      expect((await register(second, competition, key)).status).toBe(201);
      await registerButton(page).click();
      await expectSeat(page, 2);
    });
  });
}

function registerButton(page: Page) {
  return page.getByRole("button", { name: "Register", exact: true });
}

/** An open page asks for its seats from time to time; a test of a stale one must come first. */
function keepSeatNewsFrom(page: Page) {
  return page.route("**/seats", (route) => route.fulfill({ status: 429 }));
}

function mainMenu(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });
}

async function expectSeat(page: Page, seatNo: number): Promise<void> {
  await expect(page.getByText("You are registered", { exact: true })).toBeVisible();
  await expect(page.getByText(`Seat ${seatNo}`, { exact: true })).toBeVisible();
}
