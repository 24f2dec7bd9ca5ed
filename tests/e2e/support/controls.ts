import { expect, type Page } from "@playwright/test";
import { PASSWORD } from "./api";
import { fillFields } from "./dates";

export function button(page: Page, name: string) {
  return page.getByRole("button", { name, exact: true });
}

export function heading(page: Page, name: string | RegExp) {
  return page.getByRole("heading", { name, exact: true });
}

/** What those hear who listen. */
export function news(page: Page) {
  return page.locator("[aria-live=polite]");
}

/** The one button of an open competition. */
export function registerButton(page: Page) {
  return page.getByRole("button", { name: "Register", exact: true });
}

/** A link of the header's menu. */
export function mainMenu(page: Page, name: string) {
  return page.getByRole("navigation", { name: "Main" }).getByRole("link", { name });
}

/** Fills in the login form and sends it. */
export async function logIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

/** Fills in the form of a new competition. */
export function fillNewCompetition(page: Page): Promise<void> {
  return fillFields(page, {
    Title: "Go",
    Description: "Nineteen lines.",
    Capacity: "8",
    "Registration deadline": "2040-03-01T18:00",
  });
}

/** Waits until the page shows the visitor's seat. */
export async function expectSeat(page: Page, seatNo: number): Promise<void> {
  await expect(page.getByText("You are registered", { exact: true })).toBeVisible();
  await expect(page.getByText(`Seat ${seatNo}`, { exact: true })).toBeVisible();
}
