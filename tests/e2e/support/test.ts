import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { PASSWORD, type Person } from "./api";
import { siteUrl } from "./site-url";

export { expect };

interface Fixtures {
  /** Whatever the browser complained about; a test that looks at its end finds it empty. */
  complaints: string[];
  /** Opens a page and waits until it does what it should: with scripts, until they run. */
  visit: (path: string) => Promise<void>;
  /** Loads the page again, as `visit`. */
  reload: () => Promise<void>;
  /** Signs somebody in without the pages, which tests of their own look at. */
  signIn: (person: Pick<Person, "email">) => Promise<void>;
}

/**
 * Playwright's test, in which a browser that complains (an error on the console, a script that was
 * refused, an answer of 500) fails whatever was tested.
 */
export const test = base.extend<Fixtures>({
  complaints: [
    async ({ context }, use) => {
      const complaints = complaintsOf(context);
      await use(complaints);
      expect(complaints, "the browser had nothing to complain about").toEqual([]);
    },
    { auto: true },
  ],
  visit: async ({ page, javaScriptEnabled }, use) => {
    await use(async (path) => {
      await page.goto(path);
      if (javaScriptEnabled) await scriptsRun(page);
    });
  },
  reload: async ({ page, javaScriptEnabled }, use) => {
    await use(async () => {
      await page.reload();
      if (javaScriptEnabled) await scriptsRun(page);
    });
  },
  signIn: async ({ context }, use) => {
    await use((person) => signIn(context, person));
  },
});

/** Signs somebody in, by their browser's cookie. */
export async function signIn(
  context: BrowserContext,
  { email }: Pick<Person, "email">,
): Promise<void> {
  const form = { email, password: PASSWORD };
  const answer = await context.request.post(siteUrl("/login"), { form, maxRedirects: 0 });
  expect(answer.status(), "signing in leads on").toBe(303);
}

/** What a browser complains about from now on: a list that grows. */
export function complaintsOf(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !isExpectedStatus(text)) complaints.push(text);
  });
  context.on("weberror", (failure) => complaints.push(String(failure.error())));
  context.on("response", (response) => {
    if (response.status() >= 500) {
      complaints.push(`${response.status()} ${response.request().method()} ${response.url()}`);
    }
  });
  return complaints;
}

/** Both ways in which people see the site. What is tested for one is tested for the other. */
export const MODES = [
  { how: "with JavaScript", javaScriptEnabled: true },
  { how: "without JavaScript", javaScriptEnabled: false },
];

/** Waits until React has taken the page over: before, a click does what it does without scripts. */
export async function scriptsRun(page: Page): Promise<void> {
  await expect
    .poll(() =>
      page.evaluate(() =>
        [...document.querySelectorAll("main")].some((main) =>
          Object.keys(main).some((key) => key.startsWith("__reactProps")),
        ),
      ),
    )
    .toBe(true);
}

/** A page that answers 404 is logged by the browser as an error; whether it should is tested. */
function isExpectedStatus(text: string): boolean {
  return /^Failed to load resource: the server responded with a status of 4\d\d/.test(text);
}
