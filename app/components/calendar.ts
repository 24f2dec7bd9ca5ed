import { toZonedInput } from "./datetime";

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** What a calendar's leaf says of a day: "DEC" and 22, by the clocks of the zone. */
export function tileOf(date: Date, zone: string): { month: string; day: number } {
  const { month, day } = dayOf(date, zone);
  return { month: month.slice(0, 3).toUpperCase(), day };
}

/** "December 2026". */
export function monthOf(date: Date, zone: string): string {
  const { month, year } = dayOf(date, zone);
  return `${month} ${year}`;
}

function dayOf(date: Date, zone: string) {
  const [year = 0, month = 1, day = 1] = toZonedInput(date, zone).split(/\D/).map(Number);
  return { year, month: MONTHS[month - 1] ?? "", day };
}
