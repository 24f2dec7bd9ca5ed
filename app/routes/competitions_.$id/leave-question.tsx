import { Form } from "@remix-run/react";
import type { ReactNode } from "react";
import { Button, ButtonLink } from "~/components/button";
import { useIsSending } from "~/components/form-state";

/** Asks before a seat is given back. */
export function LeaveQuestion({ isFull }: { isFull: boolean }) {
  return (
    <Question
      asks="Cancel your registration?"
      intent="cancel"
      yes={["Yes, cancel registration", "Cancelling…"]}
      no="Keep my seat"
    >
      {isFull ? (
        <>
          <strong>Everything is sold out.</strong> Once you give your seat back, you may not get
          another.
        </>
      ) : (
        "Your seat goes back, and somebody else can have it."
      )}
    </Question>
  );
}

/** Asks before a place in line is given up. */
export function LeaveLineQuestion() {
  return (
    <Question
      asks="Leave the waitlist?"
      intent="leave"
      yes={["Yes, leave the waitlist", "Leaving…"]}
      no="Keep my place"
    >
      <strong>You lose your place.</strong> If you come back, you start at the end of the line.
    </Question>
  );
}

/** It takes the focus when it comes: with scripts as a landing, without them through `autofocus`. */
function Question(props: {
  asks: string;
  intent: string;
  /** What the button says, and while it is on its way. */
  yes: [string, string];
  no: string;
  children: ReactNode;
}) {
  const isSending = useIsSending(props.intent);
  const takeFocus = { autoFocus: true };
  return (
    <fieldset
      tabIndex={-1}
      data-landing
      {...takeFocus}
      aria-describedby="leaving"
      className="min-w-0 rounded-sm outline-offset-6"
    >
      <legend className="font-semibold">{props.asks}</legend>
      <p id="leaving" className="mt-1 text-sm">
        {props.children}
      </p>
      <Form method="post" className="mt-4" preventScrollReset>
        <input type="hidden" name="intent" value={props.intent} />
        <Button look="danger" wide pending={isSending}>
          {props.yes[isSending ? 1 : 0]}
        </Button>
        <ButtonLink look="quiet" wide to="?" preventScrollReset className="mt-2">
          {props.no}
        </ButtonLink>
      </Form>
    </fieldset>
  );
}
