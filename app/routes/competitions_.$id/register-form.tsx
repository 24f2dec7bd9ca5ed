import { Form } from "@remix-run/react";
import { useEffect } from "react";
import { announce } from "~/components/announcer";
import { Button } from "~/components/button";
import { useIsSending } from "~/components/form-state";
import { OPENS_IN } from "./opening";

interface RegisterFormProps {
  idempotencyKey: string;
  /** Before the opening; null after it. */
  opens: { isCounted: boolean } | null;
  /** Whoever gets no seat gets a place in line, in the same moment and not in a second race. */
  asksForLine: boolean;
  isFull: boolean;
  /** Nobody is signed in: what they press is carried out when they have signed up or logged in. */
  isGuest: boolean;
}

/**
 * The one button. Before the opening it does nothing while scripts count; without them it is answered
 * with how long it takes. Guests are led to the sign-up, before the opening too.
 */
export function RegisterForm(props: RegisterFormProps) {
  const { idempotencyKey, opens, asksForLine, isFull, isGuest } = props;
  const isSending = useIsSending("register") && !isGuest;
  const isEarly = opens?.isCounted && !isGuest;
  const taking = isFull ? "Taking a place in line for you." : "Taking a seat for you.";
  useEffect(() => {
    if (isSending) announce(taking);
  }, [isSending, taking]);
  const button = isFull ? ["Join the waitlist", "Joining…"] : ["Register", "Registering…"];
  return (
    <Form method="post" preventScrollReset>
      <input type="hidden" name="intent" value="register" />
      <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
      {asksForLine ? <input type="hidden" name="waitlist" value="yes" /> : null}
      {isGuest ? <input type="hidden" name="entrance" value="signup" /> : null}
      <Button
        data-landing
        data-primary
        look={isEarly ? "secondary" : "primary"}
        wide
        pending={isSending || isEarly}
        aria-describedby={opens ? OPENS_IN : undefined}
      >
        {button[isSending ? 1 : 0]}
      </Button>
      <p className="mt-3 text-sm text-ink-soft">{isSending ? taking : promise(props)}</p>
    </Form>
  );
}

function promise({ opens, asksForLine, isFull, isGuest }: RegisterFormProps): string {
  if (isGuest) {
    if (opens) return "Sign up now, and you are ready when it opens.";
    const what = isFull ? "your place in line" : "your seat number";
    return `You sign up or log in first, and get ${what} right after.`;
  }
  if (isFull) return "You get a place in line at once, and a seat when it is your turn.";
  const now = opens
    ? "The button works from that moment on. Pressing it early does no harm."
    : "You get your seat number at once.";
  return asksForLine ? `${now} If no seat is left, you get a place in line.` : now;
}
