import type { ReactNode } from "react";

interface Meter {
  capacity: number;
  taken: number;
  /** Seats that nobody can take any more are not called left. */
  isClosed?: boolean;
}

/** How full a competition is: in words, and the same as a bar. */
export function SeatMeter(props: Meter & { className?: string }) {
  const { capacity, taken, left } = countsOf(props);
  return (
    <div className={props.className}>
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 digits">
        {props.isClosed ? null : (
          <span className="text-xl font-semibold tracking-tight">{seatsLeftWords(left)}</span>
        )}
        <span className="text-sm text-ink-soft">{takenWords(taken, capacity)}</span>
      </p>
      <Bar {...props} />
    </div>
  );
}

/** The same at the foot of a card, beside its chip; or how many wait, where nothing is left for others. */
export function SeatLine(props: Meter & { chip: ReactNode; waiting: number }) {
  const { capacity, taken, left } = countsOf(props);
  const { waiting } = props;
  return (
    <div className="mt-auto pt-3">
      <p className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 digits">
        {props.chip}
        <span className="text-sm text-ink-soft">
          {waiting > 0
            ? `${count(waiting)} in line`
            : props.isClosed || left === 0
              ? takenWords(taken, capacity)
              : seatsLeftWords(left)}
        </span>
      </p>
      <Bar {...props} />
    </div>
  );
}

function Bar(props: Meter) {
  const { capacity, taken, left } = countsOf(props);
  // A few seats of many must still be seen, and a last free one must not look like none.
  const share =
    taken === 0 ? 0 : left === 0 ? 100 : Math.min(97, Math.max(3, (taken / capacity) * 100));
  return (
    <>
      <meter className="sr-only" aria-label="Seats taken" min={0} max={capacity} value={taken}>
        {taken} of {capacity}
      </meter>
      <svg
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        className="mt-2.5 h-1.5 w-full rounded-full forced-colors:h-2 forced-colors:border rtl:[scale:-1_1]"
        aria-hidden="true"
      >
        <rect width="100" height="6" className="fill-line forced-colors:fill-[Canvas]" />
        <rect
          width={share}
          height="6"
          className={left === 0 || props.isClosed ? "fill-line-strong" : "fill-accent"}
        />
      </svg>
    </>
  );
}

function countsOf(meter: Meter): { capacity: number; taken: number; left: number } {
  const capacity = Math.max(meter.capacity, 1);
  const taken = Math.min(meter.taken, capacity);
  return { capacity, taken, left: capacity - taken };
}

/** "12 seats left", "1 seat left", "No seats left". */
export function seatsLeftWords(left: number): string {
  if (left <= 0) return "No seats left";
  return left === 1 ? "1 seat left" : `${count(left)} seats left`;
}

function takenWords(taken: number, capacity: number): string {
  return `${count(taken)} of ${count(capacity)} taken`;
}

/** "37 people are waiting", "1 person is waiting". */
export function waitingWords(waiting: number): string {
  const people = waiting === 1 ? "1 person is" : `${count(waiting)} people are`;
  return `${people} waiting`;
}

function count(value: number): string {
  return value.toLocaleString("en-GB");
}
