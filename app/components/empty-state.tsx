import type { ReactNode } from "react";

/** Nothing is here yet: says why, and what to do about it. */
export function EmptyState(props: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="border-y border-line py-12 text-center">
      <h2 className="text-lg font-semibold">{props.title}</h2>
      {props.children ? (
        <p className="mx-auto mt-2 max-w-text text-ink-soft">{props.children}</p>
      ) : null}
      {props.action ? <div className="mt-6">{props.action}</div> : null}
    </div>
  );
}
