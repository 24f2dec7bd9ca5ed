import { Link } from "@remix-run/react";
import { FROM_ITS_START, useListQuery } from "~/components/list-address";
import type { Scope } from "./when-links";

/** The tags in use as ways to narrow a list down; the chosen one leads back out. */
export function TagLinks(props: { tags: string[]; current: string; when: Scope }) {
  const query = useListQuery();
  if (props.tags.length === 0) return null;
  return (
    <nav aria-label="Tags" className="mt-4">
      <ul className="flex flex-wrap gap-2">
        {props.tags.map((tag) => {
          const isCurrent = tag === props.current;
          const look = isCurrent
            ? "border-accent bg-accent-soft font-semibold text-accent forced-colors:border-2"
            : "border-line bg-raised text-ink-soft hover:border-line-strong hover:text-ink";
          // Said, since what is looked for by a tag alone may be any.
          const changes = { ...FROM_ITS_START, when: props.when, tag: isCurrent ? null : tag };
          return (
            <li key={tag}>
              <Link
                to={`/competitions${query(changes)}`}
                aria-current={isCurrent ? "true" : undefined}
                className={`inline-flex min-h-9 items-center rounded-full border px-3.5 text-sm ${look}`}
              >
                <bdi>{tag}</bdi>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
