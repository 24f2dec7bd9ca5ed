import { forgetAccountTokens, sweepSessions } from "~/domain/accounts/index.server";
import {
  forgetToldChanges,
  purgeDeleted,
  removeSeatsOfDeleted,
} from "~/domain/competitions/index.server";
import {
  forgetDeadLetters,
  forgetOldMail,
  sweepOutbox,
  sweepTurns,
} from "~/domain/mail/index.server";
import { forgetCancelled, forgetOldAnswers } from "~/domain/registration/index.server";
import { every, type Loop } from "./every";

const MINUTE_MS = 60_000;

/** What is deleted when its time is over (docs/data.md), each in portions that take moments. */
const FORGETTING: { name: string; ms: number; forget: () => Promise<{ forgotten: number }> }[] = [
  { name: "forget-answers", ms: MINUTE_MS, forget: forgetOldAnswers },
  { name: "remove-seats-of-deleted", ms: MINUTE_MS, forget: removeSeatsOfDeleted },
  { name: "forget-outbox", ms: 10 * MINUTE_MS, forget: sweepOutbox },
  { name: "forget-turns", ms: 10 * MINUTE_MS, forget: sweepTurns },
  { name: "sweep-sessions", ms: 10 * MINUTE_MS, forget: sweepSessions },
  { name: "forget-account-tokens", ms: 10 * MINUTE_MS, forget: forgetAccountTokens },
  { name: "forget-cancelled", ms: 10 * MINUTE_MS, forget: forgetCancelled },
  { name: "forget-changes", ms: 10 * MINUTE_MS, forget: forgetToldChanges },
  { name: "forget-mail", ms: 10 * MINUTE_MS, forget: forgetOldMail },
  { name: "forget-dead-letters", ms: 10 * MINUTE_MS, forget: forgetDeadLetters },
  { name: "purge-deleted", ms: 10 * MINUTE_MS, forget: purgeDeleted },
];

/** Starts a loop for each. A loop goes on at once while there is anything left. */
export function startForgetting(): Loop[] {
  return FORGETTING.map(({ name, ms, forget }) =>
    every({ name, ms }, async () => ((await forget()).forgotten > 0 ? "again" : undefined)),
  );
}
