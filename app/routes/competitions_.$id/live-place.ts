import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { announce } from "~/components/announcer";
import { keepAsking } from "./keep-asking";
import { useIsAnswerDue } from "./live-seats";
import type { Standing } from "./standing";

/** Where somebody stands in line; null when they have no place any more. */
interface Answer {
  place: string | null;
  nextMs?: number;
}

/**
 * What the visitor has, kept up to date while they wait and look at the page. Whoever has no place any
 * more gets the page anew: they have a seat, or have left by another page.
 */
export function useLivePlace(competitionId: string, loaded: Standing): Standing {
  const [heard, setHeard] = useState<{ since: Standing; place: string } | null>(null);
  const { revalidate } = useRevalidator();
  const isAnswerDue = useIsAnswerDue();
  useEffect(() => {
    if (loaded.place === null) return;
    return keepAsking(`/competitions/${competitionId}/place`, (answer: Answer) => {
      if (isAnswerDue.current) return;
      if (answer.place === null) revalidate();
      else setHeard({ since: loaded, place: answer.place });
    });
  }, [competitionId, loaded, revalidate, isAnswerDue]);
  useNewsOfSeat(competitionId, loaded);
  // What was heard before the page was loaded anew is older than it.
  return heard?.since === loaded ? { ...loaded, place: heard.place } : loaded;
}

/** Says at once that somebody who waited has a seat. */
function useNewsOfSeat(competitionId: string, { seat, place }: Standing): void {
  const before = useRef({ competitionId, isWaiting: place !== null });
  const seatNo = seat?.seatNo;
  useEffect(() => {
    const { isWaiting, competitionId: id } = before.current;
    if (isWaiting && id === competitionId && seatNo !== undefined) {
      announce(`You got a seat: seat ${seatNo}.`);
    }
    before.current = { competitionId, isWaiting: place !== null };
  }, [competitionId, place, seatNo]);
}

/** Keeps the browser's title true when what it says moves without the page being loaded anew. */
export function useTitle(title: string | undefined): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && title) document.title = title;
    isFirst.current = false;
  }, [title]);
}
