import { FROM_ITS_START, useListQuery } from "./list-address";

/**
 * Leads to the whole list as one document to print. Somebody who prints a page of the list instead reads
 * on paper that there is more.
 *
 * @param to the document's path; search and order of this page go with it
 * @param isPart whether the page shows only a part of the list
 */
export function PrintAll({ to, isPart }: { to: string; isPart: boolean }) {
  const query = useListQuery();
  return (
    <>
      <a
        href={to + query(FROM_ITS_START)}
        className="link inline-flex min-h-target items-center print:hidden"
      >
        Print all
      </a>
      {isPart ? (
        <span className="hidden print:block">
          This is a part of the list. “Print all”, below it on the screen, prints all of it.
        </span>
      ) : null}
    </>
  );
}
