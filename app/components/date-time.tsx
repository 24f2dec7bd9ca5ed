import { formatDateTime, formatRelative } from "./datetime";
import { useVisitorTime } from "./visitor-time";

/** "Sat 12 Dec 2026, 18:00 CET (in 3 days)", in the visitor's zone. */
export function DateTime({ value, relative = true }: { value: string; relative?: boolean }) {
  const { zone, now } = useVisitorTime();
  const date = new Date(value);
  return (
    // A browser may name a zone differently from the server; that is no reason to draw again.
    <time dateTime={value} suppressHydrationWarning>
      {relative
        ? `${formatDateTime(date, zone)} (${formatRelative(date, now)})`
        : formatDateTime(date, zone)}
    </time>
  );
}

/** "in 3 days", with the exact time behind it. */
export function RelativeTime({ value }: { value: string }) {
  const { zone, now } = useVisitorTime();
  const date = new Date(value);
  return (
    <time dateTime={value} title={formatDateTime(date, zone)} suppressHydrationWarning>
      {formatRelative(date, now)}
    </time>
  );
}
