import { Link } from "@remix-run/react";
import { FROM_ITS_START, useListQuery } from "~/components/list-address";

/** Which competitions a list holds. */
export type Scope = "open" | "soon" | "past" | "all";

const SCOPES: [Scope, string][] = [
  ["open", "Open"],
  ["soon", "Soon"],
  ["past", "Past"],
  ["all", "All"],
];

/** Ways to the competitions that are open, that open soon, and that are over; words and tag go along. */
export function WhenLinks({ current }: { current: Scope }) {
  const query = useListQuery();
  return (
    <nav aria-label="When" className="max-w-full">
      <ul className="flex flex-wrap rounded-md border border-line-strong bg-raised p-0.5">
        {SCOPES.map(([scope, label]) => {
          const isCurrent = scope === current;
          return (
            <li key={scope}>
              <Link
                to={`/competitions${query({ ...FROM_ITS_START, when: scope })}`}
                aria-current={isCurrent ? "page" : undefined}
                className={`flex min-h-10 items-center pointer-coarse:min-h-target rounded-[0.4375rem] border border-transparent px-3.5 text-sm sm:px-4 ${isCurrent ? "bg-ink font-semibold text-paper forced-colors:border-[Highlight]" : "text-ink-soft hover:text-ink"}`}
              >
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
