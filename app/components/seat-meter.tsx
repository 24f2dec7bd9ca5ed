/** How full a competition is: a bar, and the same in words. */
export function SeatMeter(props: {
  capacity: number;
  taken: number;
  /** Seats that nobody can take any more are not called left. */
  isClosed?: boolean;
  className?: string;
}) {
  const capacity = Math.max(props.capacity, 1);
  const taken = Math.min(props.taken, capacity);
  const left = capacity - taken;
  // A few seats of many must still be seen, and a last free one must not look like none.
  const share =
    taken === 0 ? 0 : left === 0 ? 100 : Math.min(97, Math.max(3, (taken / capacity) * 100));
  return (
    <div className={props.className}>
      <meter className="sr-only" aria-label="Seats taken" min={0} max={capacity} value={taken}>
        {taken} of {capacity}
      </meter>
      <svg
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        className="h-1.5 w-full rounded-full forced-colors:h-2 forced-colors:border"
        aria-hidden="true"
      >
        <rect width="100" height="6" className="fill-line forced-colors:fill-[Canvas]" />
        <rect
          width={share}
          height="6"
          className={left === 0 || props.isClosed ? "fill-line-strong" : "fill-accent"}
        />
      </svg>
      <p className="mt-1.5 flex flex-wrap justify-between gap-x-3 text-sm tabular-nums">
        {props.isClosed ? null : <span className="font-semibold">{seatsLeftWords(left)}</span>}
        <span className="text-ink-soft">
          {count(taken)} of {count(capacity)} taken
        </span>
      </p>
    </div>
  );
}

/** "12 seats left", "1 seat left", "No seats left". */
export function seatsLeftWords(left: number): string {
  if (left <= 0) return "No seats left";
  return left === 1 ? "1 seat left" : `${count(left)} seats left`;
}

function count(value: number): string {
  return value.toLocaleString("en-GB");
}
