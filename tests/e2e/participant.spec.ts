import {
  freshEmail,
  freshWord,
  openCompetition,
  PASSWORD,
  participantsOf,
  signUp,
  takeSeat,
} from "./support/api";
import { axeFindings } from "./support/axe";
import { expectSeat, logIn, mainMenu, registerButton } from "./support/controls";
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

      await registerButton(page).click();
      await expectSeat(page, 2);
      await expect(page).toHaveURL(`/competitions/${competition.id}`);
      await expect(page.getByText("1 seat left", { exact: true })).toBeVisible();

      await mainMenu(page, "My registrations").click();
      await expect(page.getByRole("link", { name: competition.title })).toBeVisible();
      await expect(page.getByText("Seat 2")).toBeVisible();

      await mainMenu(page, "Mailbox").click();
      await expect(page).toHaveURL("/mailbox");
      const subject = `Registration confirmed: ${competition.title}`;
      const mail = page.getByRole("link", { name: subject, exact: true });
      const mailbox = async () => (await page.request.get("/mailbox")).text();
      await expect.poll(mailbox, { timeout: 20_000 }).toContain(subject);
      await reload();
      await mail.click();
      await expect(page.getByText("Your seat")).toBeVisible();
      await page.getByRole("link", { name: siteUrl(`/competitions/${competition.id}`) }).click();
      await expectSeat(page, 2);
    });

    test("puts what they registered for into the calendar that they use", async ({
      page,
      visit,
      reload,
      signIn,
    }) => {
      const competition = await openCompetition();
      const person = await signUp();
      await takeSeat(competition, person);
      await signIn(person);
      await visit("/my-registrations");
      await expect(page.getByRole("link", { name: "Add to calendar" })).toHaveAttribute(
        "href",
        `/competitions/${competition.id}/event.ics`,
      );
      await page.getByRole("link", { name: "Your calendar" }).click();
      await page.getByRole("button", { name: "Make an address" }).click();
      await expect(page.getByRole("status")).toContainText("Your calendar has a new address.");
      const address = page.getByLabel("Address of your calendar");
      await expect(address).toHaveValue(/\/calendar\/[\w-]{43}\.ics$/);
      if (javaScriptEnabled) expect(await axeFindings(page)).toEqual([]);
      const calendar = await fetch(await address.inputValue());
      expect(await calendar.text()).toContain(`UID:competition-${competition.id}@`);

      await reload();
      await expect(page.getByRole("button", { name: "Make a new address" })).toBeVisible();
      await expect(address).toHaveCount(0);
      await page.getByRole("button", { name: "Turn it off" }).click();
      await expect(page.getByRole("button", { name: "Make an address" })).toBeVisible();
    });

    test("gives the last seat back, asked once more, and takes it again", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 1 });
      await signIn(await signUp());
      await visit(`/competitions/${competition.id}`);
      await registerButton(page).click();
      await expectSeat(page, 1);

      const cancel = page.getByRole("button", { name: "Cancel registration", exact: true });
      const warning = page.getByText("Everything is sold out.");
      await cancel.click();
      await expect(warning).toBeVisible();
      await expect(page.getByRole("group", { name: "Cancel your registration?" })).toBeFocused();
      await page.getByRole("link", { name: "Keep my seat" }).click();
      await expect(warning).toBeHidden();
      await expectSeat(page, 1);

      await cancel.click();
      await expect(warning).toBeVisible();
      await page.getByRole("button", { name: "Yes, cancel registration" }).click();
      await expect(page.getByText("Your registration is cancelled.")).toBeVisible();
      await expect(page.getByText("1 seat left", { exact: true })).toBeVisible();
      expect(await participantsOf(competition)).toEqual([]);

      await registerButton(page).click();
      await expectSeat(page, 1);
      await expect(page.getByText("Your registration is cancelled.")).toBeHidden();
      expect(await participantsOf(competition)).toHaveLength(1);
    });

    test("is told when the last seat went while they were reading", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 1 });
      await signIn(await signUp());
      // An open page asks for its seats from time to time; this one is to be stale.
      await page.route("**/seats", (route) => route.fulfill({ status: 429 }));
      await visit(`/competitions/${competition.id}`);
      await takeSeat(competition);
      await registerButton(page).click();
      await expect(page.getByRole("alert")).toContainText("The last seat went to somebody else");
      await expect(page.getByText("Sold out", { exact: true })).toBeVisible();
      await expect(registerButton(page)).toBeHidden();
      await visit(`/competitions?q=${encodeURIComponent(competition.title)}`);
      await expect(page.getByText("Sold out", { exact: true })).toBeVisible();
    });

    test("logs in where it is needed, and what they pressed is carried out", async ({
      context,
      page,
      visit,
    }) => {
      const competition = await openCompetition();
      const { email } = await signUp();
      await visit(`/competitions/${competition.id}`);
      await page.getByRole("link", { name: "Log in", exact: true }).click();
      await logIn(page, email);
      await expect(page).toHaveURL("/competitions");
      await visit(`/competitions/${competition.id}`);

      // The session ends while the page is open.
      await expect(registerButton(page)).toBeVisible();
      await context.clearCookies({ name: "session" });
      await registerButton(page).click();
      await expect(page).toHaveURL(`/login?redirectTo=%2Fcompetitions%2F${competition.id}`);
      await logIn(page, email);
      await expectSeat(page, 1);

      await page.getByRole("button", { name: "Log out" }).click();
      await expect(page.getByText("You are logged out.")).toBeVisible();
      await expect(page).toHaveURL("/");
      await visit("/my-registrations");
      await expect(page).toHaveURL("/login?redirectTo=%2Fmy-registrations");
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
      await expect(summary).toContainText("There is already an account with this address");
      await summary.getByRole("link").click();
      await expect(page.getByLabel("Email")).toBeFocused();
      await page.getByRole("main").getByRole("link", { name: "Log in", exact: true }).click();
      await expect(page).toHaveURL("/login");
      await expect(page.getByLabel("Email")).toHaveValue(email);
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

    test("gets one seat with two tabs, by loading the page again and by going back", async ({
      context,
      page,
      visit,
      reload,
      signIn,
    }) => {
      const competition = await openCompetition();
      await signIn(await signUp());
      await visit(`/competitions/${competition.id}`);
      const other = await context.newPage();
      await other.goto(`/competitions/${competition.id}`);
      await registerButton(page).click();
      await expectSeat(page, 1);
      await registerButton(other).click();
      await expectSeat(other, 1);

      await reload();
      await expectSeat(page, 1);
      await mainMenu(page, "Mailbox").click();
      await expect(page).toHaveURL("/mailbox");
      await page.goBack();
      await expectSeat(page, 1);
      expect(await participantsOf(competition)).toHaveLength(1);
    });
  });
}
