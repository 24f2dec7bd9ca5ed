import { Form } from "@remix-run/react";
import { Button } from "~/components/button";
import { LeaveLineQuestion } from "./leave-question";

/** Somebody in line: where they stand, what becomes of it, and how they leave. */
export function InLine(props: {
  /** As "12th". */
  place: string;
  isClosed: boolean;
  hasStarted: boolean;
  isLeaving: boolean;
}) {
  return (
    <div>
      <div tabIndex={-1} data-landing role="status" className="rounded-sm">
        <h2 className="text-lg font-semibold digits">{`You are ${props.place} in line`}</h2>
      </div>
      <p className="mt-1 text-sm text-ink-soft">{prospects(props)}</p>
      {props.hasStarted ? null : (
        <div className="mt-5">{props.isLeaving ? <LeaveLineQuestion /> : <LeaveForm />}</div>
      )}
    </div>
  );
}

function prospects({ isClosed, hasStarted }: { isClosed: boolean; hasStarted: boolean }): string {
  if (hasStarted) return "Sorry, no seat came free before it started.";
  if (isClosed) return "Registration has closed. The organizer may still give you a seat.";
  return "You have no seat yet. When it is your turn, you get one automatically, and we tell you by email.";
}

/** A place that is given up is gone, so that is asked about first. */
function LeaveForm() {
  return (
    <Form method="get" preventScrollReset>
      <input type="hidden" name="leave" value="line" />
      <Button data-landing look="secondary" wide>
        Leave the waitlist
      </Button>
    </Form>
  );
}
