import { get } from "node:http";
import type { Page } from "@playwright/test";
import { freshWord, openCompetition, signUp } from "./support/api";
import { expect, test } from "./support/test";

const KB = 1_000;

test.describe("a competition's page", () => {
  test("costs at most 110 kB of scripts and 7.5 kB of styles on the wire", async ({
    page,
    visit,
    signIn,
  }) => {
    const { id } = await openCompetition();
    await signIn(await signUp());
    const loaded = recordLoads(page);
    await visit(`/competitions/${id}`);
    await page.waitForLoadState("networkidle");

    const scripts = await Promise.all(loaded.script.map(gzippedSize));
    const styles = await Promise.all(loaded.stylesheet.map(gzippedSize));
    expect(scripts.length).toBeGreaterThan(0);
    expect(styles.length).toBeGreaterThan(0);
    expect(sum(scripts), "scripts").toBeLessThanOrEqual(110 * KB);
    expect(sum(styles), "styles").toBeLessThanOrEqual(7.5 * KB);
    expect(loaded.font, "fonts").toEqual([]);
    expect(loaded.elsewhere, "from other sites").toEqual([]);
  });

  test("is painted before its scripts are fetched and run", async ({ request }) => {
    const { id } = await openCompetition();
    const html = await (await request.get(`/competitions/${id}`)).text();
    expect(html).toMatch(/<img src="\/covers\/[^>]* fetchpriority="high"/);
    const early = html.match(/<link rel="modulepreload"[^>]*>/g) ?? [];
    expect(early.length).toBeGreaterThan(0);
    for (const link of early) expect(link).toContain('fetchpriority="low"');
    expect(html).toContain("await new Promise");
    expect(html).not.toMatch(/^import /m);
  });

  test("is never cached for others, and its scripts are cached for everybody", async ({
    request,
  }) => {
    const { id } = await openCompetition();
    const answer = await request.get(`/competitions/${id}`);
    expect(answer.headers()["cache-control"]).toMatch(/private|no-store/);
    const script = /src="(\/build\/[^"]+\.js)"|href="(\/build\/[^"]+\.js)"/.exec(
      await answer.text(),
    );
    const asset = await request.get(script?.[1] ?? script?.[2] ?? "/");
    expect(asset.headers()["cache-control"]).toContain("immutable");
  });
});

test.describe("a page that is opened in another time zone, before that is known", () => {
  test.use({ timezoneId: "America/New_York" });

  test("does not shift while it loads", async ({ page, visit, signIn }) => {
    await signIn(await signUp());
    const tag = freshWord();
    const organizer = await signUp("ORGANIZER");
    const paris = { tags: [tag], timeZone: "Europe/Paris", organizer };
    const { id } = await openCompetition(paris);
    for (let more = 0; more < 2; more++) await openCompetition(paris);
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 780 });
      for (const path of [`/competitions/${id}`, `/competitions?tag=${tag}`]) {
        await page.context().clearCookies({ name: "tz" });
        await visit(path);
        await page.waitForLoadState("networkidle");
        await expect(page.getByText("your time").first()).toBeVisible();
        // On a wide screen the footer's words about the zone begin elsewhere: no more than that.
        const most = width < 768 ? 0 : 0.001;
        expect(await layoutShift(page), `${path}, ${width} px`).toBeLessThanOrEqual(most);
      }
    }
  });
});

function recordLoads(page: Page) {
  const loads: Record<"script" | "stylesheet" | "font" | "elsewhere", string[]> = {
    script: [],
    stylesheet: [],
    font: [],
    elsewhere: [],
  };
  page.on("request", (request) => {
    const type = request.resourceType();
    if (type === "script" || type === "stylesheet" || type === "font") {
      loads[type].push(request.url());
    }
    if (new URL(request.url()).origin !== new URL(process.env.BASE_URL ?? "").origin) {
      loads.elsewhere.push(request.url());
    }
  });
  return loads;
}

/** What a client that takes gzip is sent, in bytes: what a browser takes may be smaller still. */
function gzippedSize(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { "Accept-Encoding": "gzip" } }, (response) => {
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
      });
      response.once("end", () => resolve(size)).once("error", reject);
    }).once("error", reject);
  });
}

function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let total = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            // What follows from somebody's resizing or typing is no surprise to them.
            const isSurprise = !("hadRecentInput" in entry && entry.hadRecentInput);
            if ("value" in entry && isSurprise) total += Number(entry.value);
          }
          resolve(total);
        }).observe({ type: "layout-shift", buffered: true });
        // Without any shift the observer never calls.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(total)));
      }),
  );
}

function sum(sizes: number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
