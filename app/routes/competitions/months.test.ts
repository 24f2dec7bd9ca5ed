import { expect, test } from "vitest";
import { inMonths } from "./months";

/** Until its end; all days of 2026. */
function lasting(starts: string, ends: string | null) {
  const [startDate, endsAt] = [starts, ends].map((day) => day && new Date(`2026-${day}T12:00:00Z`));
  const regDeadline = new Date("2026-01-01T12:00:00Z");
  const dates = { startDate: startDate || null, endsAt: endsAt || null, opensAt: null };
  return { name: starts, regDeadline, timeZone: "UTC", ...dates };
}

test("past competitions stand in the month in which they ended, by which they are sorted; others in that of their start", () => {
  // The latest end first, as the list comes.
  const past = [lasting("09-03", null), lasting("05-10", "09-02"), lasting("08-20", null)];
  const shown = (when: "past" | "open") =>
    inMonths(past, when).map(({ name, competitions }) => [name, competitions.map((c) => c.name)]);
  expect(shown("past")).toEqual([
    ["September 2026", ["09-03", "05-10"]],
    ["August 2026", ["08-20"]],
  ]);
  expect(shown("open").map(([name]) => name)).toEqual([
    "September 2026",
    "May 2026",
    "August 2026",
  ]);
});
