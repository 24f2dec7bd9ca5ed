import { useSearchParams } from "@remix-run/react";

/**
 * The way to all of a list, as one document to print. Who prints a page of the list instead reads on
 * paper that there is more.
 *
 * @param to the document's path; search and order of this page go with it
 * @param part which part of the list the page shows, where it is not all of it
 */
export function PrintAll({ to, part }: { to: string; part?: string }) {
  const [search] = useSearchParams();
  const query = new URLSearchParams(search);
  for (const place of ["page", "after"]) query.delete(place);
  return (
    <>
      <a
        href={query.size > 0 ? `${to}?${query}` : to}
        className="link inline-flex min-h-target items-center print:hidden"
      >
        Print all
      </a>
      {part ? (
        <span className="hidden print:block">
          {part}. “Print all” on the page itself prints all of it.
        </span>
      ) : null}
    </>
  );
}
