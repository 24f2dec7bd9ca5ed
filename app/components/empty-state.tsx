import type { ReactNode } from "react";

/** Nothing is here yet: says why, and what to do about it. */
export function EmptyState(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="mt-6 rounded-lg border border-dashed border-line-strong px-5 py-12 text-center sm:py-16">
      <Seats />
      <h2 className="mt-4 text-xl font-semibold tracking-tight">{props.title}</h2>
      {props.children ? (
        <p className="mx-auto mt-1.5 max-w-[28rem] text-balance text-ink-soft">{props.children}</p>
      ) : null}
      {props.action ? <div className="mt-6">{props.action}</div> : null}
    </div>
  );
}

/** Three seats, one of them drawn in full. */
function Seats() {
  return (
    <svg
      viewBox="0 0 72 40"
      className="mx-auto h-12 text-line-strong"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeDasharray="3 3.5"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <rect x="3" y="17" width="16" height="20" rx="4" />
      <rect
        x="28"
        y="4"
        width="16"
        height="33"
        rx="4"
        className="text-accent"
        strokeDasharray="0"
      />
      <rect x="53" y="11" width="16" height="26" rx="4" />
    </svg>
  );
}
