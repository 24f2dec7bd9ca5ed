import { openCompetition, signUp } from "./support/api";
import { axeFindings } from "./support/axe";
import { fillNewCompetition } from "./support/controls";
import { siteUrl } from "./support/site-url";
import { expect, MODES, test } from "./support/test";

test("a page tells previews of its address and search engines what it is about", async ({
  page,
  visit,
  request,
}) => {
  const title = 'Chess "by night" </script><script>alert(1)</script>';
  const description = "# Seven rounds\n\nBring **a board** & a clock.";
  const { id, organizer, startDate } = await openCompetition({ title, description });
  await visit(`/competitions/${id}?from=elsewhere`);
  const address = siteUrl(`/competitions/${id}`);
  await expect(page.locator("head link[rel=canonical]")).toHaveAttribute("href", address);
  const tag = (name: string) =>
    page.locator(`head meta[property='og:${name}']`).getAttribute("content");
  expect(await tag("title")).toBe(title);
  expect(await tag("description")).toBe("Seven rounds Bring a board & a clock.");
  expect(await tag("url")).toBe(address);
  const json = await page.locator("script[type='application/ld+json']").textContent();
  expect(JSON.parse(json ?? "")).toMatchObject({
    "@type": "Event",
    name: title,
    startDate: new Date(startDate ?? "").toISOString(),
    organizer: { name: organizer.name },
  });

  const address2 = (await tag("image")) ?? "";
  const picture = await request.get(address2);
  expect(picture.status()).toBe(200);
  expect(picture.headers()).toMatchObject({
    "content-type": "image/png",
    "cache-control": "public, max-age=31536000, immutable",
    "cross-origin-resource-policy": "cross-origin",
  });
  const known = { "If-None-Match": picture.headers().etag ?? "" };
  expect((await request.get(address2, { headers: known })).status()).toBe(304);
  expect((await request.get(`/covers/${organizer.id}.png`)).status()).toBe(404);
});

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`after publishing, ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("its organizer is asked to share it, and nobody else", async ({
      page,
      context,
      visit,
      signIn,
    }) => {
      await signIn(await signUp("ORGANIZER"));
      await visit("/competitions/new");
      await fillNewCompetition(page);
      await page.getByRole("button", { name: "Create competition" }).click();
      await expect(page.getByRole("heading", { name: "Now share it" })).toBeVisible();
      await expect(page.getByLabel("Link to this page")).toHaveValue(/\/c\/go/);
      await expect(page.getByRole("button", { name: "Copy link" })).toBeVisible({
        visible: javaScriptEnabled,
      });
      if (javaScriptEnabled) expect(await axeFindings(page)).toEqual([]);

      await context.clearCookies({ name: "session" });
      await visit(new URL(page.url()).pathname);
      await expect(page.getByRole("heading", { name: "Share", exact: true })).toBeVisible();
      await expect(page.getByRole("heading", { name: "Now share it" })).toBeHidden();
    });
  });
}
