import { Form, Link } from "@remix-run/react";
import { type ReactNode, useEffect } from "react";
import { announce } from "~/components/announcer";
import { Button, ButtonLink } from "~/components/button";
import { DateTime } from "~/components/date-time";
import { useIsSending } from "~/components/form-state";
import { LeaveQuestion } from "./leave-question";
import type { Seats } from "./live-seats";
import { type MadeBefore, type Now, OPENS_IN, OpensIn } from "./opening";

/** What the page knows about the visitor and their seat. */
export interface Standing {
  viewer: "nobody" | "participant" | "organizer" | "owner";
  registration: { seatNo: number; registeredAt: Date } | null;
  /** They asked to give their seat back, which nobody could undo. */
  isLeaving: boolean;
  idempotencyKey: string;
}

interface PanelProps {
  competition: { id: string; regDeadline: Date };
  now: Now;
  made: MadeBefore | null;
  standing: Standing;
}

/**
 * The truth about the visitor's seat in one sentence, and the one next step. Each state has a
 * landing, for whoever used what was there before.
 */
export function RegistrationPanel({ competition, now, made, standing }: PanelProps) {
  const { viewer, registration } = standing;
  const { seats, leftMs } = now;
  if (registration) {
    return <Registered registration={registration} seats={seats} isLeaving={standing.isLeaving} />;
  }
  if (seats.state === "closed") {
    return (
      <Sentence title="Registration closed">
        It closed <DateTime value={competition.regDeadline} />.
      </Sentence>
    );
  }
  if (viewer === "owner" || viewer === "organizer") {
    return (
      <Sentence
        title={viewer === "owner" ? "This is your competition" : "Organizers take no seats"}
      >
        {viewer === "owner"
          ? `Participants register here${seats.state === "opens" ? " when it opens" : ""}, until the deadline.`
          : "Sign in as a participant to register."}
      </Sentence>
    );
  }
  if (seats.state === "full") {
    return (
      <Sentence title="Sold out">
        Every seat is taken. When somebody cancels, their seat shows up here.
      </Sentence>
    );
  }
  const opensAt = seats.state === "opens" ? seats.opensAt : null;
  return (
    <div>
      {opensAt ? <OpensIn opensAt={opensAt} leftMs={leftMs} made={made} /> : null}
      {viewer === "nobody" ? (
        <>
          <ButtonLink data-landing wide to={`/login?redirectTo=/competitions/${competition.id}`}>
            Log in to register
          </ButtonLink>
          <p className="mt-3 text-sm text-ink-soft">Your seat is yours the moment you register.</p>
        </>
      ) : (
        <RegisterForm
          idempotencyKey={standing.idempotencyKey}
          opens={opensAt ? { isCounted: leftMs !== null } : null}
        />
      )}
    </div>
  );
}

/**
 * The one button. Before the opening it does nothing while scripts count; without them it is answered
 * with how long it takes.
 */
function RegisterForm(props: { idempotencyKey: string; opens: { isCounted: boolean } | null }) {
  const { idempotencyKey, opens } = props;
  const isSending = useIsSending("register");
  const words = isSending
    ? "Taking a seat for you."
    : opens
      ? "The button works from that moment on. Being early costs you nothing."
      : "You get your seat number at once.";
  useEffect(() => {
    if (isSending) announce("Taking a seat for you.");
  }, [isSending]);
  return (
    <Form method="post" preventScrollReset>
      <input type="hidden" name="intent" value="register" />
      <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
      <Button
        data-landing
        data-primary
        look={opens?.isCounted ? "secondary" : "primary"}
        wide
        pending={isSending || opens?.isCounted}
        aria-describedby={opens ? OPENS_IN : undefined}
      >
        {isSending ? "Registering…" : "Register"}
      </Button>
      <p className="mt-3 text-sm text-ink-soft">{words}</p>
    </Form>
  );
}

function Registered(props: {
  registration: { seatNo: number; registeredAt: Date };
  seats: Seats;
  isLeaving: boolean;
}) {
  const { seatNo, registeredAt } = props.registration;
  const isFull = props.seats.state === "full";
  return (
    <div>
      <div tabIndex={-1} data-landing role="status" className="rounded-sm">
        <h2 className="flex items-center gap-2 text-lg font-semibold text-accent">
          <Tick />
          You are registered
        </h2>
        <p className="mt-2 text-2xl font-semibold tracking-tight tabular-nums">Seat {seatNo}</p>
      </div>
      <p className="mt-2 text-sm text-ink-soft">
        Since <DateTime value={registeredAt} relative={false} />. The confirmation goes to your{" "}
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
