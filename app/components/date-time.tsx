import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { formatDateTime, formatRelative, isTimeZone, toZonedInput, yourTime } from "./datetime";

/**
 * "Sat 12 Dec 2026, 18:00 CET (in 3 days)" in the time zone `zone`, else that of the enclosing `InZone`, else
 * the visitor's; followed by the visitor's own time, if that differs.
 */
export function DateTime(props: { value: Date; zone?: string; relative?: boolean }) {
  const { value, relative = true } = props;
  const visitor = useVisitorTime();
  const around = useContext(ZoneContext);
  const places = props.zone ?? around;
  const zone = places ?? visitor.zone;
  return (
    <>
      {/* A browser may name a zone differently from the server; that is no reason to draw again. */}
      <time dateTime={value.toISOString()} suppressHydrationWarning>
        {relative ? `${formatDateTime(value, zone)} ` : formatDateTime(value, zone)}
        {relative ? (
          <span className="font-normal whitespace-nowrap text-ink-soft" suppressHydrationWarning>
            {`(${formatRelative(value, visitor.now)})`}
          </span>
        ) : null}
      </time>
      {places ? <YourTime value={value} zone={places} /> : null}
    </>
  );
}

/**
 * The visitor's own time, if that differs. While their zone is unknown it is left empty, for the page's own
 * script to fill before anything is painted (page-scripts.ts): text that came later would move what is
 * being read.
 */
function YourTime({ value, zone }: { value: Date; zone: string }) {
  const visitor = useVisitorTime();
  const yours = visitor.isKnown ? yourTime(value, zone, visitor.zone) : null;
  if (visitor.isKnown && !yours) return null;
  return (
    <small
      className="text-sm font-normal text-ink-soft"
      hidden={!yours}
      data-there={visitor.isKnown ? undefined : toZonedInput(value, zone)}
      suppressHydrationWarning
      // biome-ignore lint/security/noDangerouslySetInnerHtml: React leaves it as the page filled it
      dangerouslySetInnerHTML={{ __html: yours ? yourTimeInHtml(yours) : "" }}
    />
  );
}

/** @param yours from `yourTime`: digits, letters, and signs of a zone's name */
export function yourTimeInHtml(yours: string): string {
  return `, <span class="inline-block">${yours} your time</span>`;
}

const ZoneContext = createContext<string | undefined>(undefined);

/** Shows the times inside it in a time zone. */
export function InZone({ zone, children }: { zone: string; children: ReactNode }) {
  return <ZoneContext.Provider value={zone}>{children}</ZoneContext.Provider>;
}

/** The time zone in which times are shown here. */
export function useShownZone(): string {
  const visitor = useVisitorTime();
  return useContext(ZoneContext) ?? visitor.zone;
}

/** "in 3 days", with the exact time behind it. */
export function RelativeTime({ value }: { value: Date }) {
  const { now } = useVisitorTime();
  const zone = useShownZone();
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
  /** UTC while it is not known. */
  zone: string;
  isKnown: boolean;
  now: Date;
}

const VisitorTimeContext = createContext<VisitorTime>({
  ...{ zone: "UTC", isKnown: false },
  now: new Date(0),
});

/** Times move slowly on these pages: "in 3 days" need not be younger than this, in ms. */
const TICK_MS = 30_000;

/**
 * The zone and the moment that all times of the page are shown in.
 *
 * The first render uses what the server used; then the browser's own zone takes over, and the
 * moment moves on by the time that passed here, since the visitor's clock may be wrong.
 */
export function VisitorTimeProvider(props: {
  zone: string | null;
  now: number;
  children: ReactNode;
}) {
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
    <VisitorTimeContext.Provider
      value={{ zone: zone ?? "UTC", isKnown: zone !== null, now: new Date(now) }}
    >
      {props.children}
    </VisitorTimeContext.Provider>
  );
}

/** The zone and the moment to show times in. */
export function useVisitorTime(): VisitorTime {
  return useContext(VisitorTimeContext);
}
