import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { formatDateTime, formatRelative, isTimeZone } from "./datetime";

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

interface VisitorTime {
  zone: string;
  now: Date;
}

const VisitorTimeContext = createContext<VisitorTime>({ zone: "UTC", now: new Date(0) });

/** Times move slowly on these pages: "in 3 days" need not be younger than this, in ms. */
const TICK_MS = 30_000;

/**
 * The zone and the moment that all times of the page are shown in.
 *
 * The first render uses what the server used; then the browser's own zone takes over, and the
 * moment moves on by the time that passed here, since the visitor's clock may be wrong.
 */
export function VisitorTimeProvider(props: { zone: string; now: number; children: ReactNode }) {
  const [zone, setZone] = useState(props.zone);
  const [now, setNow] = useState(props.now);

  useEffect(() => {
    const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
    setZone(isTimeZone(local) ? local : props.zone);
  }, [props.zone]);

  useEffect(() => {
    const startedAt = performance.now();
    setNow(props.now);
    const timer = setInterval(() => setNow(props.now + performance.now() - startedAt), TICK_MS);
    return () => clearInterval(timer);
  }, [props.now]);

  return (
    <VisitorTimeContext.Provider value={{ zone, now: new Date(now) }}>
      {props.children}
    </VisitorTimeContext.Provider>
  );
}

/** The zone and the moment to show times in. */
export function useVisitorTime(): VisitorTime {
  return useContext(VisitorTimeContext);
}
