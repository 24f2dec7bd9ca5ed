import { Form, Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { Button } from "~/components/button";
import { DateTime } from "~/components/date-time";
import { useIsSending } from "~/components/form-state";
import { waitingWords } from "~/components/seat-meter";
import { InLine } from "./in-line";
import { LeaveQuestion } from "./leave-question";
import type { Seats } from "./live-seats";
import { type MadeBefore, type Now, OpensIn } from "./opening";
import { RegisterForm } from "./register-form";
import type { Standing } from "./standing";

interface PanelProps {
  competition: { id: string; regDeadline: Date; hasStarted: boolean; waitlistLimit: number };
  now: Now;
  made: MadeBefore | null;
  standing: Standing;
}

/**
 * The truth about the visitor's seat in one sentence, and the one next step. Each state has a
 * landing, for whoever used what was there before.
 */
export function RegistrationPanel({ competition, now, made, standing }: PanelProps) {
  const { viewer, seat, place, leaving } = standing;
  const { seats, leftMs } = now;
  const isClosed = seats.state === "closed";
  if (seat) return <Registered seat={seat} seats={seats} isLeaving={leaving === "seat"} />;
  if (place) {
    // Who enters late is let in after the start, and then the line goes on.
    const hasStarted = competition.hasStarted && isClosed;
    return <InLine {...{ place, isClosed, hasStarted }} isLeaving={leaving === "line"} />;
  }
  if (isClosed) {
    return (
      <Sentence title="Registration closed">
        It closed <DateTime value={competition.regDeadline} relative={false} />.
      </Sentence>
    );
  }
  if (viewer === "owner" || viewer === "organizer") {
    return (
      <Sentence
        title={viewer === "owner" ? "This is your competition" : "Organizers take no seats"}
      >
        {viewer === "owner"
          ? `Participants register here${seats.state === "opens" ? " once it opens" : ""} until the deadline.`
          : "Log in with a participant's account to register."}
      </Sentence>
    );
  }
  const isFull = seats.state === "full";
  const line = lineOf(competition, seats);
  if (isFull && line !== "open") {
    return <Sentence title="Sold out">{soldOutWords(line, seats.waiting)}</Sentence>;
  }
  const opensAt = seats.state === "opens" ? seats.opensAt : null;
  return (
    <div>
      {opensAt ? <OpensIn opensAt={opensAt} leftMs={leftMs} made={made} /> : null}
      {isFull ? <SoldOut waiting={seats.waiting} /> : null}
      <RegisterForm
        idempotencyKey={standing.idempotencyKey}
        opens={opensAt ? { isCounted: leftMs !== null } : null}
        asksForLine={line !== null}
        isFull={isFull}
        isGuest={viewer === "nobody"}
      />
    </div>
  );
}

function soldOutWords(line: "full" | null, waiting: number): string {
  if (line) return `The waitlist is full, too: ${waitingWords(waiting)}.`;
  return waiting > 0
    ? `A seat that comes free goes to the first in line: ${waitingWords(waiting)}. Nobody else can join them.`
    : "Every seat is taken. When somebody cancels, their seat shows up here.";
}

/** Whether a competition has a line, and room in it. */
function lineOf({ waitlistLimit }: { waitlistLimit: number }, { waiting }: Seats) {
  if (waitlistLimit === 0) return null;
  return waiting < waitlistLimit ? "open" : "full";
}

function SoldOut({ waiting }: { waiting: number }) {
  return (
    <div className="mb-4">
      <h2 className="text-lg font-semibold">Sold out</h2>
      <p className="mt-1 text-sm text-ink-soft digits">
        {waiting === 0 ? "Nobody is waiting yet." : `${waitingWords(waiting)}.`}
      </p>
    </div>
  );
}

function Registered(props: {
  seat: { seatNo: number; since: Date };
  seats: Seats;
  isLeaving: boolean;
}) {
  const { seatNo, since } = props.seat;
  const isFull = props.seats.state === "full";
  return (
    <div>
      <div tabIndex={-1} data-landing role="status" className="rounded-sm">
        <h2 className="flex items-center gap-2 text-lg font-semibold text-accent">
          <Tick />
          You are registered
        </h2>
        <p className="mt-2 text-2xl font-semibold tracking-tight digits">Seat {seatNo}</p>
      </div>
      <p className="mt-2 text-sm text-ink-soft">
        Yours since <DateTime value={since} relative={false} />. The confirmation goes to your{" "}
        <Link to="/mailbox" className="link">
          mailbox
        </Link>
        .
      </p>
      {props.seats.state === "closed" ? null : (
        <div className="mt-5">
          {props.isLeaving ? <LeaveQuestion isFull={isFull} /> : <CancelForm isFull={isFull} />}
        </div>
      )}
    </div>
  );
}

/** In a full competition a seat that is given back is gone, so that is asked about first. */
function CancelForm({ isFull }: { isFull: boolean }) {
  const isSending = useIsSending("cancel");
  return (
    <Form method={isFull ? "get" : "post"} preventScrollReset>
      {isFull ? (
        <input type="hidden" name="leave" value="yes" />
      ) : (
        <input type="hidden" name="intent" value="cancel" />
      )}
      <Button data-landing look="secondary" wide pending={isSending}>
        {isSending ? "Cancelling…" : "Cancel registration"}
      </Button>
    </Form>
  );
}

function Sentence({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h2 tabIndex={-1} data-landing className="rounded-sm text-lg font-semibold">
        {title}
      </h2>
      <p className="mt-1 text-sm text-ink-soft">{children}</p>
    </div>
  );
}

function Tick() {
  return (
    <svg
      viewBox="0 0 20 20"
      className="size-5"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
    >
      <circle cx="10" cy="10" r="8.5" strokeWidth="1.5" />
      <path
        d="m6.5 10.5 2.4 2.4 4.8-5.2"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
