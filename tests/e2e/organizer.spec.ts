import { readFile } from "node:fs/promises";
import {
  call,
  openCompetition,
  participantsOf,
  readCompetition,
  signUp,
  takeSeat,
} from "./support/api";
import { expect, MODES, test } from "./support/test";

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`an organizer ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("lowers capacity no further than the seats taken, and raises it again", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 4 });
      await takeSeat(competition);
      await takeSeat(competition);
      await signIn(competition.organizer);
      await visit(`/competitions/${competition.id}/edit`);
      await page.getByLabel("Description").fill("Changed as well.");
      await page.getByLabel("Capacity").fill("1");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByRole("alert")).toContainText("2 seats are taken");
      await expect(page.getByRole("alert")).toBeFocused();
      await expect(page.getByLabel("Capacity")).toHaveValue("1");
      await expect(page.getByLabel("Description")).toHaveValue("Changed as well.");
      expect(await readCompetition(competition.id)).toMatchObject({ capacity: 4 });

      await page.getByLabel("Capacity").fill("2");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByText("Your changes are saved.")).toBeVisible();
      await expect(page.getByText("No seats left")).toBeVisible();

      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Capacity").fill("3");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByText("1 seat left", { exact: true })).toBeVisible();
      await takeSeat(competition);
      const seats = (await participantsOf(competition)).map(({ seatNo }) => seatNo);
      expect(new Set(seats).size).toBe(3);
    });

    test("saves a stale form without undoing what was saved elsewhere, and is shown a conflict", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 4 });
      await signIn(competition.organizer);
      const other = await page.context().newPage();
      for (const tab of [page, other]) await tab.goto(`/competitions/${competition.id}/edit`);
      await other.getByLabel("Capacity").fill("9");
      await other.getByLabel("Title").fill("Changed elsewhere");
      await other.getByRole("button", { name: "Save changes" }).click();
      await expect(other.getByText("Your changes are saved.")).toBeVisible();

      await page.getByLabel("Title").fill("Changed here");
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByRole("alert")).toContainText("changed after you opened the form");
      await expect(page.getByLabel("Title")).toHaveValue("Changed here");
      await expect(page.getByText("What it says now: Changed elsewhere")).toBeVisible();
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page.getByText("Your changes are saved.")).toBeVisible();
      expect(await readCompetition(competition.id)).toMatchObject({
        title: "Changed here",
        capacity: 9,
      });
      await visit("/");
    });

    test("sees who registered, in the order asked for, and downloads them", async ({
      page,
      visit,
      signIn,
    }) => {
      const competition = await openCompetition({ capacity: 5 });
      const names = ['Zoë, the "first"', "Anton", "=SUM(A1)"];
      const people = [];
      for (const name of names) people.push(await signUp("PARTICIPANT", name));
      for (const person of people) await takeSeat(competition, person);
      await signIn(competition.organizer);
      await visit(`/competitions/${competition.id}`);
      await page.getByRole("link", { name: "Participants" }).click();
      const table = page.getByRole("table");
      await expect(table.getByRole("row")).toHaveCount(4);
      await expect(table.getByRole("row").nth(1)).toContainText("Zoë");
      await table.getByRole("link", { name: "Name" }).click();
      await expect(table.getByRole("columnheader", { name: "Name" })).toHaveAttribute(
        "aria-sort",
        "ascending",
      );
      await expect(table.getByRole("row").nth(3)).toContainText("Zoë");
      await table.getByRole("link", { name: "Name" }).click();
      await expect(table.getByRole("row").nth(1)).toContainText("Zoë");
      await page.getByRole("searchbox").fill("ZOE");
      await page.getByRole("button", { name: "Search" }).click();
      await expect(table.getByRole("row")).toHaveCount(2);
      await expect(page.getByText("1 found for “ZOE”")).toBeVisible();

      const downloaded = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download as CSV" }).click();
      const csv = await readFile(await (await downloaded).path(), "utf8");
      const lines = csv.trim().split("\r\n");
      expect(lines).toHaveLength(4);
      expect(lines[1]).toContain('"Zoë, the ""first"""');
      expect(lines[1]).toContain(people[0]?.email);
      // A name must not become a formula in the organizer's spreadsheet.
      expect(lines[3]).not.toMatch(/(^|,)"?=SUM/);
    });

    test("deletes a competition, and is asked first when people have seats", async ({
      page,
      visit,
      signIn,
    }) => {
      const empty = await openCompetition();
      const { organizer } = empty;
      const taken = await openCompetition({ organizer });
      await takeSeat(taken);
      await signIn(organizer);

      await visit(`/competitions/${empty.id}/edit`);
      await page.getByRole("button", { name: "Delete competition" }).click();
      await expect(page.getByText(`“${empty.title}” is deleted.`)).toBeVisible();
      expect((await call(`/api/competitions/${empty.id}`)).status).toBe(404);

      await visit(`/competitions/${taken.id}/edit`);
      await page.getByRole("button", { name: "Delete competition" }).click();
      await expect(page.getByText("1 person will lose their seat")).toBeVisible();
      expect((await call(`/api/competitions/${taken.id}`)).status).toBe(200);
      await page.getByRole("button", { name: "Delete competition" }).click();
      await expect(page.getByText(`“${taken.title}” is deleted.`)).toBeVisible();
      expect((await call(`/api/competitions/${taken.id}`)).status).toBe(404);
      const answer = await page.goto(`/competitions/${taken.id}`);
      expect(answer?.status()).toBe(410);
    });
  });
}
