import { simpleParser } from "mailparser";
import { smtp } from "../support/smtp-server";
import { findTestServers } from "../support/test-servers";
import { freshEmail, PASSWORD } from "./support/api";
import { type RunningApp, startApp } from "./support/app";
import { axeFindings } from "./support/axe";
import { expect, MODES, test } from "./support/test";

let site: RunningApp;
let stopServers = async () => {};

// A site that sends mail, and so asks whose address it is.
test.beforeAll(async () => {
  const { stop, ...servers } = await findTestServers();
  stopServers = stop;
  const { SMTP_URL = "" } = process.env;
  site = await startApp({ ...servers, settings: { SMTP_URL } });
});

test.afterAll(async () => {
  await site?.stop();
  await smtp.stop();
  await stopServers();
});

for (const { how, javaScriptEnabled } of MODES) {
  test.describe(`a newcomer ${how}`, () => {
    test.use({ javaScriptEnabled });

    test("confirms their address by a press in the page of the mail's link", async ({
      page,
      visit,
    }) => {
      const email = freshEmail();
      const findings = async () => (javaScriptEnabled ? axeFindings(page) : []);
      await visit(`${site.url}/signup`);
      await page.getByLabel("Name").fill("Nora Newcomer");
      await page.getByLabel("Email").fill(email);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Create account" }).click();
      await expect(page).toHaveURL(`${site.url}/competitions`);
      const notice = page.getByRole("complementary", { name: "Your address" });
      await expect(notice).toContainText("Confirm your address to get mail there.");
      expect(await findings()).toEqual([]);
      await expect.poll(() => linksTo(email)).toHaveLength(1);

      await notice.getByRole("button", { name: "Send it again" }).click();
      await expect(page.getByText(`A new email is on its way to ${email}.`)).toBeVisible();
      await expect(page).toHaveURL(`${site.url}/competitions`);
      await expect.poll(() => linksTo(email)).toHaveLength(2);

      await notice.getByRole("link", { name: "Type the code instead" }).click();
      await expect(page).toHaveURL(`${site.url}/verify-email`);
      await expect(notice).toBeHidden();
      await page.getByLabel("Code").fill("12");
      await page.getByRole("button", { name: "Confirm my address" }).click();
      await expect(page.getByRole("alert")).toContainText("This is not the code.");
      expect(await findings()).toEqual([]);

      const [, link = ""] = await linksTo(email);
      const answer = await page.goto(link);
      expect(answer?.headers()).toMatchObject({
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
        "cache-control": "no-store",
      });
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Is this your address?");
      expect(await findings()).toEqual([]);
      await page.getByRole("button", { name: "Confirm my address" }).click();
      await expect(page).toHaveURL(`${site.url}/competitions`);
      await expect(page.getByText("Thank you. Your address is confirmed")).toBeVisible();
      await expect(notice).toBeHidden();

      // People read mail twice.
      await page.goto(link);
      await expect(page.getByText("There is nothing left to do.")).toBeVisible();
    });
  });
}

/** The links of the mails that somebody got, the oldest first. */
async function linksTo(email: string): Promise<string[]> {
  const mails = await Promise.all(smtp.received.map((raw) => simpleParser(raw)));
  return mails
    .filter(({ headers }) => JSON.stringify(headers.get("to")).includes(email))
    .map(({ text = "" }) => /http\S+\/verify-email\?token=\S+/.exec(text)?.[0] ?? "");
}
