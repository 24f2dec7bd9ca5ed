import { Link } from "@remix-run/react";

/** The tags in use as ways to narrow a list down; the chosen one leads back out. */
export function TagLinks(props: { tags: string[]; current: string; q: string }) {
  if (props.tags.length === 0) return null;
  return (
    <nav aria-label="Tags" className="mt-4">
      <ul className="flex flex-wrap gap-2">
        {props.tags.map((tag) => {
          const isCurrent = tag === props.current;
          const look = isCurrent
            ? "border-accent bg-accent-soft font-semibold text-accent forced-colors:border-2"
            : "border-line text-ink-soft hover:border-line-strong hover:text-ink";
          return (
            <li key={tag}>
              <Link
                to={`/competitions${query({ q: props.q, tag: isCurrent ? "" : tag })}`}
                aria-current={isCurrent ? "true" : undefined}
                className={`inline-flex min-h-9 items-center rounded-full border px-3 text-sm ${look}`}
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

function query(parameters: Record<string, string>): string {
  const search = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
  return search.size > 0 ? `?${search}` : "";
}
