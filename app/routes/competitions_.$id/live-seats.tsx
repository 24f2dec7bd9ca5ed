import { useRevalidator } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { announce } from "~/components/announcer";
import { useIsSending } from "~/components/form-state";
import { SeatMeter, seatsLeftWords } from "~/components/seat-meter";
import { keepAsking } from "./keep-asking";

/** How full a competition is at the moment. */
export interface Seats {
  capacity: number;
  registrations: number;
  /** What comes free while people wait is theirs, and not left. */
  seatsLeft: number;
  /** People in line. */
  waiting: number;
  state: "opens" | "open" | "full" | "closed";
  /** When registration opens, or opened; null is at once. */
  opensAt: Date | null;
}

/** Numbers are said so often at most, in ms. */
const ANNOUNCE_MS = 15_000;

/** What the server answers; one of an earlier release knows no opening and no line. */
interface Answer extends Omit<Seats, "opensAt" | "waiting"> {
  opensAt?: string | null;
  waiting?: number;
  serverTime?: string;
  status?: string;
  nextMs?: number;
}

/**
 * The seats that the page was made with, kept up to date while somebody looks at it.
 *
 * @param hear is told the server's time, in ms since 1970
 */
export function useLiveSeats(
  competitionId: string,
  loaded: Seats,
  hear: (serverTime: number) => void,
): Seats {
  const [seats, setSeats] = useState(loaded);
  const isAnswerDue = useIsAnswerDue();
  const { revalidate } = useRevalidator();
  // What the page was loaded with anew is younger than an answer that is still on its way.
  useEffect(() => {
    setSeats(loaded);
    if (loaded.state === "closed") return;
    return keepAsking(`/competitions/${competitionId}/seats`, (answer: Answer) => {
      hear(Date.parse(answer.serverTime ?? ""));
      // It was called off: the page becomes a notice.
      if (answer.status === "cancelled") revalidate();
      else if (!isAnswerDue.current) setSeats(seatsOf(answer));
    });
  }, [competitionId, loaded, hear, isAnswerDue, revalidate]);

  return seats;
}

/** Whether a form is on its way: what was pressed stays until its answer, which brings all along. */
export function useIsAnswerDue() {
  const isSending = useIsSending();
  const isAnswerDue = useRef(isSending);
  useEffect(() => {
    isAnswerDue.current = isSending;
  }, [isSending]);
  return isAnswerDue;
}

function seatsOf({ capacity, registrations, seatsLeft, waiting, state, opensAt }: Answer): Seats {
  const opens = opensAt ? new Date(opensAt) : null;
  return { capacity, registrations, seatsLeft, waiting: waiting ?? 0, state, opensAt: opens };
}

/**
 * The meter, and its changes for those who listen.
 *
 * @param isSettled whether the visitor has a seat, or a place in line
 */
export function LiveSeatMeter({ seats, isSettled }: { seats: Seats; isSettled: boolean }) {
  useSeatNews(seats, isSettled);
  const { capacity, registrations, seatsLeft } = seats;
  const isClosed = seats.state === "closed";
  const taken = isClosed ? registrations : capacity - seatsLeft;
  return <SeatMeter capacity={capacity} taken={taken} isClosed={isClosed} />;
}

/** Says at once that nobody can register any more, or again; and numbers, but not every one. */
function useSeatNews({ seatsLeft, state }: Seats, isSettled: boolean) {
  const numbers = seatsLeftWords(seatsLeft);
  // Who has a seat, or waits for one, need not hear that others get none.
  const news = isSettled && state !== "closed" ? "settled" : state;
  const said = useRef({ numbers, news, isSettled, at: 0 });
  useEffect(() => {
    const before = said.current;
    const say = (words: string) => {
      announce(words);
      said.current = { numbers, news, isSettled, at: performance.now() };
    };
    // Who gets a seat or a place, or gives it up, hears of that.
    if (isSettled !== before.isSettled && news !== "closed") {
      said.current = { ...before, news, isSettled };
    } else if (news !== before.news) return say(NEWS[news](numbers));
    if (news === "closed" || numbers === before.numbers) return;
    const wait = Math.max(0, before.at + ANNOUNCE_MS - performance.now());
    const timer = setTimeout(() => say(`${numbers}.`), wait);
    return () => clearTimeout(timer);
  }, [numbers, news, isSettled]);
}

const NEWS = {
  opens: () => "Registration is not open yet.",
  open: (numbers: string) => `Registration is open: ${numbers}.`,
  settled: () => "Registration is open.",
  full: () => "The last seat is taken now.",
  closed: () => "Registration has closed.",
};
