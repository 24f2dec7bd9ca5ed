import type { Page } from "@playwright/test";
import {
  type Competition,
  call,
  closeSoon,
  giveUp,
  joinLine,
  openCompetition,
  type Person,
  signUp,
  signUpMany,
  takeSeat,
} from "./support/api";
import { axeFindings } from "./support/axe";
import { expectSeat, registerButton } from "./support/controls";
import { fillDate } from "./support/dates";
import { cutOff, sidewaysScroll } from "./support/looks";
import { expect, MODES, test } from "./support/test";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true });
const panel = (page: Page) => page.getByRole("region", { name: "Registration" });
/** What those hear who listen. */
const news = (page: Page) => page.locator("[aria-live=polite]");

/** A full competition, and who has its seat. */
async function openFull({ waitlistLimit = 10, capacity = 1 } = {}) {
  const competition = await openCompetition({ capacity, waitlistLimit });
  const seated = await signUp();
  await takeSeat(competition, seated);
  return { competition, seated, path: `/competitions/${competition.id}` };
}

/** On a phone, light and dark. */
async function expectAccessible(page: Page) {
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await axeFindings(page)).toEqual([]);
  expect([await cutOff(page), await sidewaysScroll(page)]).toEqual([[], 0]);
}

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`the line, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("is joined with one button, and left only after a question", async ({
      page,
      visit,
      signIn,
    }) => {
      const { competition, path } = await openFull({ waitlistLimit: 2 });
      await joinLine(competition);
      await visit(path);
      await expect(page.getByRole("button", { name: "Join the waitlist" })).toBeVisible();
      await signIn(await signUp());
      await visit(path);
      await expect(heading(page, "Sold out")).toBeVisible();
      await expect(panel(page)).toContainText("1 person is waiting.");
      if (javaScriptEnabled) await expectAccessible(page);
      await button(page, "Join the waitlist").click();

      await expect(heading(page, "You are 2nd in line")).toBeVisible();
      await expect(page).toHaveTitle(/^2nd in line · /);
      await expect(panel(page)).not.toContainText(/registered/i);
      await visit("/my-registrations");
      await expect(page.getByRole("row", { name: competition.title })).toContainText(
        "In line, 2nd",
      );
      await visit(path);
      if (javaScriptEnabled) await expectAccessible(page);

      await button(page, "Leave the waitlist").click();
      const question = page.getByRole("group", { name: "Leave the waitlist?" });
      await expect(question).toBeFocused();
      await expect(question).toContainText("You lose your place.");
      if (javaScriptEnabled) await expectAccessible(page);
      await page.getByRole("link", { name: "Keep my place" }).click();
      await expect(heading(page, "You are 2nd in line")).toBeVisible();
      await button(page, "Leave the waitlist").click();
      await button(page, "Yes, leave the waitlist").click();
      await expect(page.getByRole("status").first()).toHaveText("You have left the waitlist.");
      await expect(button(page, "Join the waitlist")).toBeVisible();

      await joinLine(competition);
      await visit(path);
      await expect(panel(page)).toContainText("The waitlist is full, too: 2 people are waiting.");
      await expect(panel(page).getByRole("button")).toHaveCount(0);
    });

    test("takes who loses the last seat by a moment, and keeps a seat from who leaves too late", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 1, waitlistLimit: 10 });
      const [me, other] = [await signUp(), await signUp()];
      // An open page asks from time to time; this one is to be stale.
      await page.route(/\/(seats|place)$/, (route) => route.fulfill({ status: 429 }));
      await signIn(me);
      await visit(`/competitions/${competition.id}`);
      await expect(panel(page)).toContainText("If no seat is left, you get a place in line.");
      await takeSeat(competition, other);
      await registerButton(page).click();
      await expect(heading(page, "You are 1st in line")).toBeVisible();

      await button(page, "Leave the waitlist").click();
      await giveUp(competition, other);
      await button(page, "Yes, leave the waitlist").click();
      await expect(page.getByRole("status").first()).toContainText("You were not in line any more");
      await expectSeat(page, 1);
      await expect(page).toHaveTitle(/^You are registered · /);
    });

    test("is seen by its organizer, who gives out free seats after the deadline", async ({
      page,
      visit,
      signIn,
    }) => {
      const { competition, path } = await openFull();
      const people = await signUpMany(3);
      for (const person of people) await joinLine(competition, person);
      await closeSoon(competition);
      await signIn(competition.organizer);
      await visit(`${path}/participants`);
      await expect(page.getByText("3 people are waiting.")).toBeVisible();
      const line = page.getByRole("table", { name: `In line for ${competition.title}` });
      await expect(line.getByRole("row")).toHaveText([
        /^Place/,
        /^(Place)?1(Name)?Paula/,
        /^(Place)?2(Name)?Paula/,
        /^(Place)?3(Name)?Paula/,
      ]);
      const file = await page.request.get(`${path}/participants.csv`);
      const rows = (await file.text()).trim().split("\r\n");
      expect(rows.map((row) => row.split(",").at(-1))).toEqual([
        '"Place in line"',
        '""',
        '"1"',
        '"2"',
        '"3"',
      ]);
      await page.goto(`${path}/participants/print`);
      await expect(page.getByRole("row", { name: "In line, 2nd" })).toBeVisible();

      const give = button(page, "Give the free seat to the first in line");
      await expect(async () => {
        await visit(`${path}/participants`);
        await expect(page.getByText("Registration has closed")).toBeVisible({ timeout: 50 });
      }).toPass();
      await expect(give).toBeHidden();
      await raise(competition, 2);
      await visit(`${path}/participants`);
      if (javaScriptEnabled) await expectAccessible(page);
      await give.click();
      await expect(page.getByRole("status").first()).toContainText("1 person got a seat");
      await expect(page.getByText("2 people are waiting.")).toBeVisible();
      const now = ["seat 2", "place 1", "place 2"];
      expect(await standingOf(people, competition)).toEqual(now);

      await raise(competition, 5);
      await visit(`${path}/participants`);
      await page.getByLabel("Seats to give").fill("none");
      await button(page, "Give seats to the first in line").click();
      await expect(page.getByRole("alert")).toContainText("Enter a whole number from 1 to 1,000.");
      await page.getByLabel("Seats to give").fill("3");
      await button(page, "Give seats to the first in line").click();
      await expect(page.getByRole("status").first()).toContainText("2 people got a seat");
      await expect(heading(page, "In line")).toBeHidden();
    });

    test("has the length that its organizer wants", async ({ page, visit, signIn }) => {
      const organizer = await signUp("ORGANIZER");
      await signIn(organizer);
      await visit("/competitions/new");
      await page.getByLabel("Title").fill("Go");
      await page.getByLabel("Description").fill("Nineteen lines.");
      await page.getByLabel("Capacity").fill("8");
      await fillDate(page, "Registration deadline", "2040-03-01T18:00");
      await page.getByRole("button", { name: "Create competition" }).click();
      await page.getByRole("link", { name: "Edit" }).click();
      const limit = page.getByLabel("Waitlist limit");
      await expect(limit).toHaveValue("8");
      await limit.fill("many");
      await button(page, "Save changes").click();
      await expect(limit).toHaveAccessibleDescription(/Error: .*from 0 to 100,000/);
      await limit.fill("0");
      await button(page, "Save changes").click();
      await expect(page.getByText("Your changes are saved.")).toBeVisible();
      const id = new URL(page.url()).pathname.split("/").at(-1);
      const { body } = await call<object>(`/api/competitions/${id}`, {});
      expect(body).toMatchObject({ capacity: 8, waitlistLimit: 0, waiting: 0 });
    });
  });
}

test("an open page shows the place moving, then the seat, without being loaded again", async ({
  page,
  visit,
  signIn,
}) => {
  const { competition, seated, path } = await openFull();
  const [ahead, me] = [await signUp(), await signUp()];
  await joinLine(competition, ahead);
  await joinLine(competition, me);
  await signIn(me);
  await page.clock.install();
  await visit(path);
  await expect(heading(page, "You are 2nd in line")).toBeVisible();
  const loads: string[] = [];
  page.on("framenavigated", (frame) => loads.push(frame.url()));
  const wait = async () => {
    const answer = page.waitForResponse("**/place");
    await page.clock.fastForward(7_000);
    await answer;
  };

  await button(page, "Leave the waitlist").focus();
  await giveUp(competition, ahead);
  await wait();
  await expect(heading(page, "You are 1st in line")).toBeVisible();
  await expect(page).toHaveTitle(/^1st in line · /);
  await expect(button(page, "Leave the waitlist")).toBeFocused();
  await giveUp(competition, seated);
  await wait();
  await expectSeat(page, 1);
  await expect(page).toHaveTitle(/^You are registered · /);
  await expect(news(page)).toHaveText("You got a seat: seat 1.");
  await expect(page.getByRole("status").filter({ hasText: "You are registered" })).toBeFocused();
  expect(loads).toEqual([]);
});

test("an open page learns that the line has moved, and what programs are told of it", async ({
  page,
  visit,
  signIn,
  request,
}) => {
  const { competition, path } = await openFull();
  await signIn(await signUp());
  await page.clock.install();
  await visit(path);
  await expect(panel(page)).toContainText("Nobody is waiting yet.");
  await joinLine(competition);
  const answer = page.waitForResponse("**/seats");
  await page.clock.fastForward(7_000);
  expect(Object.keys(await (await answer).json()).sort()).toEqual([
    "capacity",
    "nextMs",
    "opensAt",
    "registrations",
    "seatsLeft",
    "serverTime",
    "state",
    "waiting",
  ]);
  await expect(panel(page)).toContainText("1 person is waiting.");
  const told = await request.get(`${path}/seats`);
  expect(await told.json()).toMatchObject({ seatsLeft: 0, waiting: 1, state: "full" });
});

/** Changes the number of seats. */
async function raise({ id, organizer }: Competition, capacity: number) {
  const { token } = organizer;
  const json = { capacity };
  const changed = await call(`/api/competitions/${id}`, { method: "PATCH", token, json });
  expect(changed.status).toBe(200);
}

/** The seat or the place of each. */
function standingOf(people: Person[], { id }: Competition): Promise<string[]> {
  return Promise.all(
    people.map(async ({ token }) => {
      const path = `/api/competitions/${id}/registration`;
      const { body } = await call<{ seatNo: number | null; waitlist: { place: number } }>(path, {
        token,
      });
      return body.seatNo === null ? `place ${body.waitlist.place}` : `seat ${body.seatNo}`;
    }),
  );
}
