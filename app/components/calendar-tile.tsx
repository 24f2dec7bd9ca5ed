import type { ReactNode } from "react";
import { tileOf } from "./calendar";
import { useShownZone } from "./date-time";

/** A day as calendars draw it. The date stands in words beside it, so it is only to be seen. */
export function CalendarTile({ date, zone }: { date: Date; zone?: string }) {
  const shown = useShownZone();
  const { month, day } = tileOf(date, zone ?? shown);
  return (
    <Tile head={month}>
      <span className="text-lg leading-7 font-bold digits" suppressHydrationWarning>
        {day}
      </span>
    </Tile>
  );
}

/** The same shape with a sign in it, for what has no day. */
export function Tile({ head, children }: { head?: string; children: ReactNode }) {
  return (
    <span
      aria-hidden="true"
      className="flex size-12 shrink-0 flex-col items-center justify-center overflow-hidden rounded-md border border-line bg-raised text-ink-soft select-none"
    >
      {head ? (
        <span
          className="w-full bg-sunken text-center text-[0.6875rem] leading-[1.125rem] font-bold tracking-wider"
          suppressHydrationWarning
        >
          {head}
        </span>
      ) : null}
      {children}
    </span>
  );
}
