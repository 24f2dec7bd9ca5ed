import { Form } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/button";
import { useIsSending } from "~/components/form-state";

/**
 * Asks before a seat is given back. It takes the focus when it comes: with scripts as a landing,
 * without them through `autofocus`.
 */
export function LeaveQuestion({ isFull }: { isFull: boolean }) {
  const isSending = useIsSending("cancel");
  const takeFocus = { autoFocus: true };
  return (
    <fieldset
      tabIndex={-1}
      data-landing
      {...takeFocus}
      aria-describedby="leaving"
      className="min-w-0 rounded-sm outline-offset-6"
    >
      <legend className="font-semibold">Cancel your registration?</legend>
      <p id="leaving" className="mt-1 text-sm">
        {isFull ? (
          <>
            <strong>Everything is sold out.</strong> Once you give your seat back, you may not get
            another.
          </>
        ) : (
          "Your seat is free for somebody else then."
        )}
      </p>
      <Form method="post" className="mt-4" preventScrollReset>
        <input type="hidden" name="intent" value="cancel" />
        <Button look="danger" wide pending={isSending}>
          {isSending ? "Cancelling…" : "Yes, cancel registration"}
        </Button>
        <ButtonLink look="quiet" wide to="?" preventScrollReset className="mt-2">
          Keep my seat
        </ButtonLink>
      </Form>
    </fieldset>
  );
}
