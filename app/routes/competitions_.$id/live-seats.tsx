import { useEffect, useState } from "react";
import { SeatMeter, seatsLeftWords } from "~/components/seat-meter";

/** How full a competition is at the moment. */
export interface Seats {
  capacity: number;
  registrations: number;
  state: "open" | "full" | "closed";
}

const POLL_MS = 5_000;
const SLOWEST_POLL_MS = 60_000;
const ANNOUNCE_MS = 15_000;

/**
 * The seats that the page was made with, kept up to date while somebody looks at it. A server that
 * does not answer is asked less and less often.
 */
export function useLiveSeats(competitionId: string, loaded: Seats): Seats {
  const { capacity, registrations, state } = loaded;
  const [seats, setSeats] = useState(loaded);
  useEffect(() => setSeats({ capacity, registrations, state }), [capacity, registrations, state]);

  useEffect(() => {
    if (state === "closed") return;
    const left = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    // Spread out, or everybody who opened the page at noon asks in the same moment for ever.
    const wait = (ms: number) => {
      timer = setTimeout(() => void ask(ms), ms * (0.8 + Math.random() * 0.4));
    };
    const ask = async (waited: number) => {
      if (document.hidden) return wait(POLL_MS);
      const answer = await fetch(`/competitions/${competitionId}/seats`, { signal: left.signal })
        .then((response) => (response.ok ? (response.json() as Promise<Seats>) : null))
        .catch(() => null);
      if (left.signal.aborted) return;
      if (answer) setSeats(answer);
      wait(answer ? POLL_MS : Math.min(waited * 2, SLOWEST_POLL_MS));
    };
    wait(POLL_MS);
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [competitionId, state]);

  return seats;
}

/** The meter, and its changes for those who listen: politely, and not for every single seat. */
export function LiveSeatMeter({ seats }: { seats: Seats }) {
  const words = seatsLeftWords(seats.capacity - seats.registrations);
  const [spoken, setSpoken] = useState({ words, at: 0 });

  useEffect(() => {
    if (words === spoken.words) return;
    const wait = Math.max(0, spoken.at + ANNOUNCE_MS - performance.now());
    const timer = setTimeout(() => setSpoken({ words, at: performance.now() }), wait);
    return () => clearTimeout(timer);
  }, [words, spoken]);

  return (
    <>
      <SeatMeter
        capacity={seats.capacity}
        taken={seats.registrations}
        isClosed={seats.state === "closed"}
      />
      <p aria-live="polite" className="sr-only">
        {spoken.at > 0 ? `Now ${spoken.words}` : ""}
      </p>
    </>
  );
}
