import { freshWord, mailOf, openCompetition, type Person, signUp, takeSeat } from "./support/api";
import { expect, MODES, test } from "./support/test";

let participant: Person;
let organizer: Person;
const word = freshWord();

test.beforeAll(async () => {
  [participant, organizer] = await Promise.all([signUp(), signUp("ORGANIZER")]);
  const titles = ["Zebra", "Ångström", "apple"].map((title) => `${title} ${word}`);
  for (const title of titles) {
    await takeSeat(await openCompetition({ organizer, title }), participant);
  }
  for (let n = 10; n < 28; n++) await openCompetition({ organizer, title: `Course ${n}` });
  const mails = async () => (await mailOf(participant)).length;
  await expect.poll(mails, { timeout: 20_000 }).toBe(3);
});

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(how, () => {
    test.use({ javaScriptEnabled });

    test("mail is sorted both ways, and mail and registrations are searched", async ({
      page,
      visit,
      signIn,
    }) => {
      await signIn(participant);
      const heads = page.getByRole("rowheader");
      const search = async (words: string) => {
        await page.getByRole("searchbox").fill(words);
        await page.getByRole("button", { name: "Search" }).click();
      };
      const about = "Registration confirmed: ";
      const order = ["Ångström", "apple", "Zebra"].map((title) => `${about}${title} ${word}`);
      await visit("/mailbox");
      await page.getByRole("columnheader").getByRole("link", { name: "Subject" }).click();
      await expect(heads).toHaveText(order);
      await page.getByRole("columnheader").getByRole("link", { name: "Subject" }).click();
      await expect(heads).toHaveText([...order].reverse());
      await expect(page.getByRole("columnheader", { name: "Subject" })).toHaveAttribute(
        "aria-sort",
        "descending",
      );
      await search(`${word} ANGSTROM`);
      await expect(heads).toHaveText([`${about}Ångström ${word}`]);
      expect(new URL(page.url()).searchParams.get("sort")).toMatch(/^-/);
      await search("nothing like it");
      await expect(page.getByText("“nothing like it”")).toBeVisible();
      await expect(heads).toHaveCount(0);
      await page.getByRole("link", { name: "Show all" }).click();
      await expect(heads).toHaveText([...order].reverse());
      await visit("/mailbox?sort=drop+table&page=-1&after=x&q=");
      await expect(heads).toHaveCount(3);

      await visit("/my-registrations?page=-1");
      const upcoming = page.getByRole("region", { name: "Upcoming" });
      await expect(upcoming.getByRole("rowheader")).toHaveCount(3);
      await search(`${word} ANGSTROM`);
      await expect(heads).toHaveText([`Ångström ${word}`]);
      await search("nothing like it");
      await expect(page.getByText("“nothing like it”")).toBeVisible();
      await expect(heads).toHaveCount(0);
    });

    test("a long list pages in its order, and is printed as a whole", async ({
      page,
      visit,
      signIn,
    }) => {
      await signIn(organizer);
      await visit("/my-competitions");
      const cards = page.getByRole("article");
      await expect(cards).toHaveCount(20);
      await page.getByRole("link", { name: "Title", exact: true }).click();
      await expect(cards.first()).toContainText("Ångström");
      await page.getByRole("link", { name: "Next" }).click();
      await expect(cards).toHaveCount(1);
      await expect(cards).toContainText(`Zebra ${word}`);
      await expect(page).toHaveURL("/my-competitions?sort=title&page=2");

      await page.emulateMedia({ media: "print" });
      await expect(page.getByText("This is a part of the list.")).toBeVisible();
      await page.emulateMedia({ media: "screen" });
      await page.getByRole("link", { name: "Print all" }).click();
      await expect(page).toHaveURL("/my-competitions/print?sort=title");
      await expect(page.getByRole("rowheader")).toHaveCount(21);
      await expect(page.getByRole("rowheader").last()).toHaveText(`Zebra ${word}`);
      await expect(page.getByText("21 in all.")).toBeVisible();
      await page.getByRole("link", { name: "Back to the list" }).click();

      await page.getByRole("searchbox").fill("25 COURSE");
      await page.getByRole("button", { name: "Search" }).click();
      await expect(cards).toHaveCount(1);
      await expect(page).toHaveURL("/my-competitions?q=25+COURSE&sort=title");
    });
  });
}
