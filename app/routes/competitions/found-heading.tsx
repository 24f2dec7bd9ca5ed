import { useEffect, useRef } from "react";
import { announce } from "~/components/announcer";

interface Found {
  q: string;
  tag: string;
  total: number;
  /** There are more than so many. */
  more: boolean;
  /** "page 2 of 3", where this is not all. */
  part: string | undefined;
}

/** The list's heading: how much there is of what was asked for. After a search it is said as well. */
export function FoundHeading({ q, tag, total, more, part }: Found) {
  const count = `${more ? "More than " : ""}${total.toLocaleString("en-GB")}`;
  const answer = [`${count} found`, q && `for “${q}”`, tag && `tagged ${tag}`];
  const words = answer.filter(Boolean).join(" ");
  const said = useRef(words);
  useEffect(() => {
    if (said.current !== words) announce(words);
    said.current = words;
  }, [words]);
  return (
    <h2 tabIndex={-1} data-landing className="me-1 inline rounded-sm wrap-anywhere">
      {count} {total === 1 ? "competition" : "competitions"}
      {q ? (
        <>
          {" "}
          for “<bdi>{q}</bdi>”
        </>
      ) : null}
      {tag ? (
        <>
          {" "}
          tagged <bdi>{tag}</bdi>
        </>
      ) : null}
      {part ? `, ${part}` : null}
    </h2>
  );
}
