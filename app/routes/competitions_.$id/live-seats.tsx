import { useEffect, useRef, useState } from "react";
import { announce } from "~/components/announcer";
import { useIsSending } from "~/components/form-state";
import { SeatMeter, seatsLeftWords } from "~/components/seat-meter";

/** How full a competition is at the moment. */
export interface Seats {
  capacity: number;
  registrations: number;
  state: "opens" | "open" | "full" | "closed";
  /** When registration opens, or opened; null is at once. */
  opensAt: Date | null;
}

/** Until the server says how soon to ask. */
const POLL_MS = 5_000;
const FASTEST_POLL_MS = 1_000;
const SLOWEST_POLL_MS = 60_000;
const ANNOUNCE_MS = 15_000;

/** What the server answers; one of an earlier release knows no opening, and leaves the pace to us. */
interface Answer extends Omit<Seats, "opensAt"> {
  opensAt?: string | null;
  serverTime?: string;
  nextMs?: number;
}

/**
 * The seats that the page was made with, kept up to date while somebody looks at it. The server says
 * how often; one that does not answer is asked less and less often.
 *
 * @param hear is told the server's time, in ms since 1970
 */
export function useLiveSeats(
  competitionId: string,
  loaded: Seats,
  hear: (serverTime: number) => void,
): Seats {
  const [seats, setSeats] = useState(loaded);
  // What was pressed stays until its answer, which brings the seats along.
  const isSending = useIsSending();
  const isAnswerDue = useRef(isSending);
  useEffect(() => {
    isAnswerDue.current = isSending;
  }, [isSending]);
  // What the page was loaded with anew is younger than an answer that is still on its way.
  useEffect(() => {
    setSeats(loaded);
    if (loaded.state === "closed") return;
    const left = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    // Spread out, or everybody who opened the page at noon asks in the same moment for ever.
    const wait = (ms: number) => {
      timer = setTimeout(() => void ask(ms), ms * (0.8 + Math.random() * 0.4));
    };
    const ask = async (waited: number) => {
      if (document.hidden) return wait(waited);
      const answer = await fetch(`/competitions/${competitionId}/seats`, { signal: left.signal })
        .then((response) => (response.ok ? (response.json() as Promise<Answer>) : null))
        .catch(() => null);
      if (left.signal.aborted) return;
      if (answer) hear(Date.parse(answer.serverTime ?? ""));
      if (answer && !isAnswerDue.current) setSeats(seatsOf(answer));
      const nextMs = answer ? (answer.nextMs ?? POLL_MS) : waited * 2;
      wait(Math.min(Math.max(nextMs, FASTEST_POLL_MS), SLOWEST_POLL_MS));
    };
    wait(POLL_MS);
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [competitionId, loaded, hear]);

  return seats;
}

function seatsOf({ capacity, registrations, state, opensAt }: Answer): Seats {
  return { capacity, registrations, state, opensAt: opensAt ? new Date(opensAt) : null };
}

/** The meter, and its changes for those who listen. */
export function LiveSeatMeter({ seats, hasSeat }: { seats: Seats; hasSeat: boolean }) {
  useSeatNews(seats, hasSeat);
  return (
    <SeatMeter
      capacity={seats.capacity}
      taken={seats.registrations}
      isClosed={seats.state === "closed"}
    />
  );
}

/** Says at once that nobody can register any more, or again; and numbers, but not every one. */
function useSeatNews({ capacity, registrations, state }: Seats, hasSeat: boolean) {
  const numbers = seatsLeftWords(capacity - registrations);
  // Who has a seat need not hear that others get none.
  const news = hasSeat && state !== "closed" ? "open" : state;
  const said = useRef({ numbers, news, at: 0 });
  useEffect(() => {
    const before = said.current;
    const say = (words: string) => {
      announce(words);
      said.current = { numbers, news, at: performance.now() };
    };
    if (news !== before.news) return say(NEWS[news](numbers));
    if (news === "closed" || numbers === before.numbers) return;
    const wait = Math.max(0, before.at + ANNOUNCE_MS - performance.now());
    const timer = setTimeout(() => say(`${numbers}.`), wait);
    return () => clearTimeout(timer);
  }, [numbers, news]);
}

const NEWS = {
  opens: () => "Registration is not open yet.",
  open: (numbers: string) => `Registration is open: ${numbers}.`,
  full: () => "The last seat is taken now.",
  closed: () => "Registration has closed.",
};
