import { expect, type Locator, type Page } from "@playwright/test";

/** The labels of the form's dates, each a group of two fields. */
export const DATES = ["Registration deadline", "Start date", "Ends", "Registration opens"];

/** A date of the form, with its hint and its error. */
export function dateGroup(page: Page, label: string): Locator {
  return page.getByRole("group", { name: label, exact: true });
}

/** Fills in a date and its time, such as "2031-06-01T12:00"; empties both with "". */
export async function fillDate(page: Page, label: string, value: string): Promise<void> {
  const [date = "", time = ""] = value.split("T");
  await dateGroup(page, label).getByLabel("Date").fill(date);
  await dateGroup(page, label).getByLabel("Time").fill(time);
}

export async function expectDate(page: Page, label: string, value: string): Promise<void> {
  const [date = "", time = ""] = value.split("T");
  await expect(dateGroup(page, label).getByLabel("Date")).toHaveValue(date);
  await expect(dateGroup(page, label).getByLabel("Time")).toHaveValue(time);
}

/** Fills in fields by their labels, dates among them. */
export async function fillFields(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) {
    if (DATES.includes(label)) await fillDate(page, label, value);
    else await page.getByLabel(label).fill(value);
  }
}
