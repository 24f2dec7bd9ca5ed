import {
  type Competition,
  call,
  closeSoon,
  joinLine,
  openFull,
  type Person,
  signUp,
  signUpMany,
} from "./support/api";
import { expectAccessible } from "./support/axe";
import { button, fillNewCompetition, heading } from "./support/controls";
import { expect, MODES, test } from "./support/test";

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`the organizer of a line, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("sees it, and gives out free seats after the deadline", async ({
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
      const seats = async () => (await page.request.get(`${path}/seats`)).json();
      await expect.poll(seats).toMatchObject({ state: "closed" });
      await visit(`${path}/participants`);
      await expect(page.getByText("Registration has closed")).toBeVisible();
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
      await expect(page.getByLabel("Seats to give")).toHaveValue("none");
      await page.getByLabel("Seats to give").fill("3");
      await button(page, "Give seats to the first in line").click();
      await expect(page.getByRole("status").first()).toContainText("2 people got a seat");
      await expect(heading(page, "In line")).toBeHidden();
    });

    test("decides its length", async ({ page, visit, signIn }) => {
      const organizer = await signUp("ORGANIZER");
      await signIn(organizer);
      await visit("/competitions/new");
      await fillNewCompetition(page);
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
