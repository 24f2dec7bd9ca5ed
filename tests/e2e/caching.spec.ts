import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, test } from "@playwright/test";
import { projectFolder } from "../../scripts/services/places.ts";
import { call, openCompetition, PASSWORD, signUp, takeSeat } from "./support/api";
import { siteUrl } from "./support/site-url";
import { MODES, signIn } from "./support/test";

/** The paths of every page, from the folders that Remix makes them of. */
function pagePaths(id: string): string[] {
  return readdirSync(join(projectFolder, "app/routes")).map((folder) => {
    const parts = folder.replace("[.csv]", "\0csv").split(".");
    const path = parts.map((part) => part.replace(/_$/, "").replace(/^_index$/, "")).join("/");
    return `/${path.replace("\0", ".").replace("$id", id).replace("$", "nowhere")}`;
  });
}

test("no answer of a page or call may be cached, unless it says otherwise", async ({
  playwright,
}) => {
  const [organizer, participant] = [await signUp("ORGANIZER"), await signUp()];
  const competition = await openCompetition({ organizer });
  const { id } = competition;
  await takeSeat(competition, participant);
  const viewers: { Cookie?: string }[] = [{}];
  for (const { email } of [organizer, participant]) {
    const browser = await playwright.request.newContext();
    const form = { email, password: PASSWORD };
    await browser.post(siteUrl("/login"), { form, maxRedirects: 0 });
    const kept = (await browser.storageState()).cookies;
    viewers.push({ Cookie: kept.map(({ name, value }) => `${name}=${value}`).join("; ") });
    await browser.dispose();
  }
  const pages = pagePaths(id);
  expect(pages).toContain(`/competitions/${id}/participants.csv`);
  expect(pages.length).toBeGreaterThan(15);

  const broken = ["/build/nothing.js", "/%E0%A4%A", "/competitions/%00", "/healthz", "/readyz"];
  const strays: string[] = [];
  const statuses = new Set<number>();
  for (const viewer of viewers) {
    for (const path of [...pages, ...pages.map((page) => `${page}.data`), ...broken]) {
      for (const method of viewer.Cookie ? ["GET"] : ["GET", "HEAD", "PUT"]) {
        const { status, headers } = await call(path, { method, headers: { ...viewer } });
        statuses.add(status);
        const kept = headers.get("cache-control");
        const isSeats = path === `/competitions/${id}/seats` && status === 200;
        const isRight = kept === (isSeats ? "no-cache" : "no-store");
        if (!isRight || !headers.has("content-security-policy")) {
          strays.push(`${method} ${path}: ${status} ${kept}`);
        }
      }
    }
  }
  expect(strays).toEqual([]);
  expect([...statuses]).toEqual(expect.arrayContaining([200, 302, 303, 400, 403, 404, 405]));
});

test("no answer of the API may be cached, whatever the question and whoever asks", async () => {
  const { id, organizer } = await openCompetition();
  const { body } = await call<{ paths: object }>("/api/openapi.json");
  const paths = [...Object.keys(body.paths), "/api", "/api/nothing"];
  const strays: string[] = [];
  for (const path of paths) {
    for (const method of ["GET", "POST", "PATCH", "OPTIONS", "PUT"]) {
      for (const token of [undefined, organizer.token, "nobody's"]) {
        const answer = await call(path.replace("{id}", id), { method, token });
        const kept = answer.headers.get("cache-control");
        if (kept !== "no-store") strays.push(`${method} ${path}: ${answer.status} ${kept}`);
      }
    }
  }
  expect(paths.length).toBeGreaterThan(10);
  expect(strays).toEqual([]);
});

test("an open page asks for its seats again and gets only what is new", async ({ request }) => {
  const competition = await openCompetition();
  const ask = (known = "") =>
    request.get(`/competitions/${competition.id}/seats`, { headers: { "If-None-Match": known } });
  const { etag = "" } = (await ask()).headers();
  expect(etag).toMatch(/^W\/"[\w-]+"$/);
  const unchanged = await ask(`"other", ${etag}`);
  expect([unchanged.status(), await unchanged.text()]).toEqual([304, ""]);
  expect(unchanged.headers()).toMatchObject({ etag, "cache-control": "no-cache" });
  await takeSeat(competition);
  const changed = await ask(etag);
  expect([changed.status(), await changed.json()]).toMatchObject([200, { registrations: 1 }]);
  expect(changed.headers().etag).not.toBe(etag);
});

test.describe("a browser that brings a page back as it was left", () => {
  let browser: Browser;

  // Playwright turns that off; people's browsers have it.
  test.beforeAll(async ({ playwright, launchOptions }) => {
    const { ignoreDefaultArgs: known } = launchOptions;
    const others = Array.isArray(known) ? known : [];
    const ignoreDefaultArgs = ["--disable-back-forward-cache", ...others];
    browser = await playwright.chromium.launch({ ...launchOptions, ignoreDefaultArgs });
  });

  test.afterAll(async () => {
    await browser?.close();
  });

  for (const { how, javaScriptEnabled } of MODES) {
    test(`shows nothing personal after logging out and going back ${how}`, async () => {
      const context = await browser.newContext({ javaScriptEnabled, baseURL: siteUrl("/") });
      const page = await context.newPage();
      const participant = await signUp();
      await takeSeat(await openCompetition({ title: "A secret passion" }), participant);
      await signIn(context, participant);
      await page.goto("/my-registrations");
      await expect(page.getByText("A secret passion")).toBeVisible();
      await page.goto("/mailbox");
      await expect(page.getByText(participant.email)).toBeVisible();
      const leaving = page.waitForResponse((answer) => /\/logout/.test(answer.url()));
      await page.getByRole("button", { name: "Log out" }).click();
      expect((await (await leaving).allHeaders())["clear-site-data"]).toBe('"cache"');
      await expect(page.getByText("You are logged out.")).toBeVisible();
      for (const path of ["/mailbox", "/my-registrations"]) {
        await page.goBack();
        await expect(page).toHaveURL(`/login?redirectTo=${encodeURIComponent(path)}`);
        await expect(page.getByText(participant.email)).toBeHidden();
        await expect(page.getByText("A secret passion")).toBeHidden();
      }
    });
  }
});
