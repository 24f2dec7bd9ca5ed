import type { Page } from "@playwright/test";
import {
  call,
  freshWord,
  openCompetition,
  type Person,
  signUp,
  signUpMany,
  takeSeat,
} from "./support/api";
import { button, heading, logIn, news, registerButton } from "./support/controls";
import { expectFocusOn, pressByKeyboard, tabTo } from "./support/keyboard";
import { expect, test } from "./support/test";

// A phone lying down: little is in sight, so what takes the focus must be brought there.
test.use({ viewport: { width: 640, height: 360 } });

const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });

/** An organizer of two pages of competitions, all with one word of their own. */
let organizer: Person;
const word = freshWord();

test.beforeAll(async () => {
  organizer = await signUp("ORGANIZER");
  const title = `Chess ${word}`;
  await Promise.all(Array.from({ length: 21 }, () => openCompetition({ organizer, title })));
});

test("a page that sells out and opens again says so at once, and keeps the focus where it changed", async ({
  page,
  visit,
  signIn,
}) => {
  const competition = await openCompetition({ capacity: 1 });
  const [person, other] = await signUpMany(2);
  if (!person || !other) throw new Error("Two people signed up.");
  await signIn(person);
  await page.clock.install();
  await visit(`/competitions/${competition.id}`);
  // Longer than a page waits before it asks again, and shorter than it keeps a number to itself.
  const pollSeats = async () => {
    const answer = page.waitForResponse("**/seats");
    await page.clock.fastForward(7_000);
    await answer;
  };
  const giveBack = () =>
    call(`/api/competitions/${competition.id}/register`, { method: "DELETE", token: other.token });

  await tabTo(page, registerButton(page));
  await takeSeat(competition, other);
  await pollSeats();
  await expectFocusOn(heading(page, "Sold out"));
  await expect(news(page)).toHaveText("The last seat is taken now.");
  await giveBack();
  await pollSeats();
  await expectFocusOn(registerButton(page));
  await expect(news(page)).toHaveText("Registration is open: 1 seat left.");

  // Whoever is elsewhere stays there, and hears it as well.
  const elsewhere = page.getByRole("main").getByRole("link", { name: "Competitions" });
  await tabTo(page, elsewhere);
  await takeSeat(competition, other);
  await pollSeats();
  await expect(news(page)).toHaveText("The last seat is taken now.");
  await expectFocusOn(elsewhere);
  await giveBack();
  await pollSeats();

  // Under the pressed button: it stays until its answer is there.
  let send = () => {};
  const held = new Promise<void>((resolve) => {
    send = resolve;
  });
  await page.route("**/*.data*", async (route) => {
    await held;
    await route.continue();
  });
  await pressByKeyboard(page, registerButton(page));
  await expect(news(page)).toHaveText("Taking a seat for you.");
  await takeSeat(competition, other);
  await pollSeats();
  // The page asks again once it has dealt with the answer before.
  await pollSeats();
  await expectFocusOn(button(page, "Registering…"));
  send();
  await expectFocusOn(page.getByRole("alert"));
  await expect(page.getByRole("alert")).toContainText("The last seat went to somebody else");
  await expect(heading(page, "Sold out")).toBeVisible();
  await expectFocusOn(page.getByRole("alert"));
});

test("searching keeps the focus in the field, and paging moves it to the list's heading", async ({
  page,
  visit,
}) => {
  const gone = await openCompetition({ organizer, title: `Go ${word}` });
  await visit("/competitions");
  const field = page.getByRole("searchbox", { name: "Search" });

  await tabTo(page, field);
  await page.keyboard.type(word);
  await page.keyboard.press("Enter");
  await expect(news(page)).toHaveText(`22 found for “${word}”`);
  await expectFocusOn(field);

  await pressByKeyboard(page, link(page, "Next"));
  await expectFocusOn(heading(page, `22 competitions for “${word}”, page 2 of 2`));
  await pressByKeyboard(page, link(page, "Previous"));
  await expectFocusOn(heading(page, `22 competitions for “${word}”`));

  await tabTo(page, field);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(gone.title);
  await pressByKeyboard(page, button(page, "Search"));
  await expect(news(page)).toHaveText(`1 found for “${gone.title}”`);
  await expectFocusOn(button(page, "Search"));
  await pressByKeyboard(page, link(page, "Show all"));
  await expectFocusOn(heading(page, /^[\d,]+ competitions$|, page|^More than/));
  await expect(field).toHaveValue("");
  await page.goBack();
  await expect(field).toHaveValue(gone.title);

  // A competition that was deleted while the list was read.
  await call(`/api/competitions/${gone.id}`, { method: "DELETE", token: organizer.token });
  await pressByKeyboard(page, link(page, gone.title));
  await expectFocusOn(heading(page, "This was taken down"));
});

test("deleting, paging, forms with errors and logging out lead to what came of them", async ({
  page,
  visit,
}) => {
  const competition = await openCompetition({ organizer });
  await takeSeat(competition);
  await visit("/login");
  await pressByKeyboard(page, button(page, "Log in"));
  await expectFocusOn(page.getByRole("alert"));
  await logIn(page, organizer.email);
  await expectFocusOn(heading(page, "Competitions"));

  await visit(`/competitions/${competition.id}/edit`);
  await pressByKeyboard(page, button(page, "Delete competition"));
  await expectFocusOn(heading(page, "Delete this competition?"));
  await pressByKeyboard(page, button(page, "Delete competition"));
  const said = page.getByRole("status").first();
  await expectFocusOn(said);
  await expect(said).toHaveText(`“${competition.title}” is deleted.`);

  await visit("/my-competitions");
  await pressByKeyboard(page, link(page, "Next"));
  await expectFocusOn(heading(page, "My competitions"));
  await expect(page.getByText("Page 2 of 2")).toBeVisible();

  await pressByKeyboard(page, button(page, "Log out"));
  await expectFocusOn(page.getByRole("status").filter({ hasText: "You are logged out." }));
});
