// `npm run screenshots`: the README's pictures, taken of the built application on data of its own.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { runUntilInterrupt } from "./bootstrap/session.mjs";
import { findChromium } from "./browser.mjs";
import { projectFolder } from "./services/places.mjs";
import { findTestServices } from "./testing/services.mjs";
import { startTestSite } from "./testing/site.mjs";

const FOLDER = join(projectFolder, "docs/images");
const PASSWORD = "password123";
const DAY_MS = 86_400_000;
const FRIDAY = 5;

await runUntilInterrupt(async ({ log, onStop }) => {
  const services = await findTestServices({ log });
  onStop(services.stop);
  const site = await startTestSite({ ...services, log, print: log });
  onStop(site.stop);
  const url = site.env.BASE_URL ?? "";
  const path = await openBusyCompetition(url);

  const { executablePath, args, env } = await findChromium({ log });
  const browser = await chromium.launch({ executablePath, args, env });
  onStop(() => browser.close());
  mkdirSync(FOLDER, { recursive: true });
  const shared = {
    baseURL: url,
    deviceScaleFactor: 2,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  };

  const desk = await browser.newPage({ ...shared, viewport: { width: 1280, height: 780 } });
  await logIn(desk);
  await desk.goto(path);
  await desk.getByRole("button", { name: "Register" }).waitFor();
  await save(desk, "competition.png");

  const phone = await browser.newPage({
    ...shared,
    viewport: { width: 390, height: 780 },
    colorScheme: "dark",
    isMobile: true,
    hasTouch: true,
  });
  await logIn(phone);
  await phone.goto(path);
  await phone.getByRole("button", { name: "Register" }).click();
  await phone.getByText("You are registered").waitFor();
  await save(phone, "competition-phone-dark.png");
  log("Pictures: docs/images");
});

/**
 * A competition that many people want, and where it is found.
 * @param {string} url of the site
 */
async function openBusyCompetition(url) {
  const alice = await call(`${url}/api/auth/login`, {
    email: "alice@organizer.com",
    password: PASSWORD,
  });
  const today = new Date().setUTCHours(0, 0, 0, 0);
  const days = 10 + ((FRIDAY + 7 - new Date(today + 10 * DAY_MS).getUTCDay()) % 7);
  const competition = await call(
    `${url}/api/competitions`,
    {
      title: "Hackathon: 48 hours for the city",
      description:
        "Build something that makes the city a little better, from Friday evening to Sunday noon. " +
        "Teams of two to five; come with one or find one on the spot.\n\n" +
        "There is a desk, power, network and soup for everybody. Bring a laptop and a sleeping bag.",
      tags: ["coding", "hackathon", "weekend"],
      capacity: 40,
      regDeadline: new Date(today + (days - 3) * DAY_MS + 17 * 3_600_000).toISOString(),
      startDate: new Date(today + days * DAY_MS + 17 * 3_600_000).toISOString(),
    },
    alice.access_token,
  );
  for (let number = 1; number <= 27; number++) {
    const account = { name: `Guest ${number}`, email: `guest-${number}@example.com` };
    const person = await call(`${url}/api/auth/signup`, {
      ...account,
      password: PASSWORD,
      role: "PARTICIPANT",
    });
    await call(`${url}/api/competitions/${competition.id}/register`, {}, person.access_token);
  }
  return `/competitions/${competition.id}`;
}

/**
 * @param {string} address
 * @param {object} body
 * @param {string} [token]
 * @returns {Promise<any>}
 */
async function call(address, body, token) {
  const headers = {
    "Content-Type": "application/json",
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
  };
  const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** @param {import("playwright").Page} page */
async function logIn(page) {
  await page.goto("/login");
  await page.getByLabel("Email").fill("charlie@participant.com");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL("/competitions");
}

/**
 * @param {import("playwright").Page} page
 * @param {string} name
 */
async function save(page, name) {
  // Where the mouse happens to be is no part of the picture, nor is a button half-way to a colour.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.mouse.move(0, 0);
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(FOLDER, name), animations: "disabled" });
}
