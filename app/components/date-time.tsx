import { formatDateTime, formatRelative } from "./datetime";
import { useVisitorTime } from "./visitor-time";

/** "Sat 12 Dec 2026, 18:00 CET (in 3 days)", in the visitor's zone. */
export function DateTime({ value, relative = true }: { value: Date; relative?: boolean }) {
  const { zone, now } = useVisitorTime();
  return (
    // A browser may name a zone differently from the server; that is no reason to draw again.
    <time dateTime={value.toISOString()} suppressHydrationWarning>
      {relative
        ? `${formatDateTime(value, zone)} (${formatRelative(value, now)})`
        : formatDateTime(value, zone)}
    </time>
  );
}

/** "in 3 days", with the exact time behind it. */
export function RelativeTime({ value }: { value: Date }) {
  const { zone, now } = useVisitorTime();
  return (
    <time
      dateTime={value.toISOString()}
      title={formatDateTime(value, zone)}
      suppressHydrationWarning
    >
      {formatRelative(value, now)}
    </time>
  );
}
