import { openCompetition, readCompetition, signUp } from "./support/api";
import { axeFindings } from "./support/axe";
import { expect, MODES, test } from "./support/test";

const TEXT = `# What to bring

**A board**, a clock and [a friend](https://example.com/friends).

- tea <script>alert(1)</script>
- cake ![a cake](https://example.com/cake.png)

## Where

At the [club](javascript:alert(1)).`;

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`a description in Markdown, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("is previewed with everything typed kept, then saved and shown", async ({
      page,
      visit,
      signIn,
    }) => {
      const organizer = await signUp("ORGANIZER");
      const { id } = await openCompetition({ organizer });
      await signIn(organizer);
      await visit(`/competitions/${id}/edit`);
      await page.getByLabel("Title").fill("Chess by night");
      await page.getByLabel("Capacity").fill("many");
      await page.getByLabel("Description").fill(TEXT);
      await page.getByRole("button", { name: "Save changes" }).click();
      await expect(page).toHaveTitle(/^Error: Edit/);
      await page.getByRole("button", { name: "Preview" }).click();

      const preview = page.getByRole("region", { name: "Preview" });
      await expect(preview).toBeFocused();
      await expect(preview.getByRole("listitem")).toHaveText([/^tea <script>/, "cake a cake"]);
      await expect(page.getByLabel("Title")).toHaveValue("Chess by night");
      await expect(page.getByLabel("Capacity")).toHaveValue("many");
      await expect(page.getByLabel("Description")).toHaveValue(TEXT);
      await expect(page.getByRole("alert")).toBeHidden();
      await expect(page).toHaveTitle(/^Edit/);
      if (javaScriptEnabled) expect(await axeFindings(page)).toEqual([]);
      expect(await readCompetition(id)).not.toMatchObject({ title: "Chess by night" });

      await page.getByLabel("Capacity").fill("7");
      await page.getByLabel("Capacity").press("Enter");
      await expect(page.getByText("Your changes are saved.")).toBeVisible();
      expect(await readCompetition(id)).toMatchObject({ description: TEXT, capacity: 7 });
      await expect(page.getByRole("heading", { level: 3, name: "What to bring" })).toBeVisible();
      await expect(page.getByRole("heading", { level: 4, name: "Where" })).toBeVisible();
      await expect(page.locator("strong", { hasText: "A board" })).toBeVisible();
      const link = page.getByRole("link", { name: "a friend" });
      await expect(link).toHaveAttribute("rel", "nofollow ugc noopener");
      await expect(page.getByRole("main").locator("img[alt='a cake'], main script")).toHaveCount(0);
      await expect(page.locator("a[href^='javascript']")).toHaveCount(0);
      await expect(page.locator("head meta[name=description]")).toHaveAttribute(
        "content",
        /^What to bring A board, a clock and a friend\. - tea/,
      );
      if (javaScriptEnabled) expect(await axeFindings(page)).toEqual([]);
    });
  });
}
