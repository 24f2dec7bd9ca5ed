import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type APIRequestContext, chromium } from "@playwright/test";
import { projectFolder } from "../../scripts/services/places.ts";
import { findChromium } from "../support/chromium.ts";
import { call, openCompetition, PASSWORD, signUp, takeSeat } from "./support/api";
import { siteUrl } from "./support/site-url";
import { expect, MODES, signIn, test } from "./support/test";

/** The paths of every page, from the folders that Remix makes them of. */
function pagePaths(id: string): string[] {
  return readdirSync(join(projectFolder, "app/routes")).map((folder) => {
    const parts = folder.replace("[.csv]", "\0csv").split(".");
    const path = parts.map((part) => part.replace(/_$/, "").replace(/^_index$/, "")).join("/");
    return `/${path.replace("\0", ".").replace("$id", id).replace("$", "nowhere")}`;
  });
}

test("nobody keeps what any page or call answers, but for what says otherwise", async ({
  playwright,
  request,
}) => {
  const [organizer, participant] = [await signUp("ORGANIZER"), await signUp()];
  const competition = await openCompetition({ organizer });
  const { id } = competition;
  await takeSeat(competition, participant);
  const viewers: APIRequestContext[] = [request];
  for (const person of [organizer, participant]) {
    const viewer = await playwright.request.newContext();
    const form = { email: person.email, password: PASSWORD };
    await viewer.post(siteUrl("/login"), { form, maxRedirects: 0 });
    viewers.push(viewer);
  }
  const pages = pagePaths(id);
  expect(pages).toContain(`/competitions/${id}/participants.csv`);
  expect(pages.length).toBeGreaterThan(15);

  const broken = ["/build/nothing.js", "/%E0%A4%A", "/competitions/%00", "/healthz", "/readyz"];
  const strays: string[] = [];
  const statuses = new Set<number>();
  for (const viewer of viewers) {
    for (const path of [...pages, ...pages.map((page) => `${page}.data`), ...broken]) {
      for (const method of viewer === request ? ["GET", "HEAD", "PUT"] : ["GET"]) {
        const answer = await viewer.fetch(siteUrl(path), { method, maxRedirects: 0 });
        statuses.add(answer.status());
        const { "cache-control": kept, "content-security-policy": policy } = answer.headers();
        const isSeats = path === `/competitions/${id}/seats` && answer.status() === 200;
        if (kept !== (isSeats ? "no-cache" : "no-store") || !policy) {
          strays.push(`${method} ${path}: ${answer.status()} ${kept}`);
        }
      }
    }
  }
  expect(strays).toEqual([]);
  expect([...statuses]).toEqual(expect.arrayContaining([200, 302, 303, 400, 403, 404, 405]));
});

test("nobody keeps what the API answers, whatever it is asked and by whom", async () => {
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

test("an open page asks for its seats again and hears only what is new", async ({ request }) => {
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

for (const { how, javaScriptEnabled } of MODES) {
  // Playwright turns off what brings a page back as it was left; people's browsers have it.
  test(`going back after logging out shows nothing personal ${how}`, async () => {
    const { executablePath, args, env } = await findChromium({ log: console.error });
    const ignoreDefaultArgs = ["--disable-back-forward-cache"];
    const browser = await chromium.launch({ executablePath, args, env, ignoreDefaultArgs });
    try {
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
    } finally {
      await browser.close();
    }
  });
}
