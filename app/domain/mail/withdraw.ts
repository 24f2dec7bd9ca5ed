import { inBatches } from "~/platform/batch";
import { database } from "~/platform/orm";
import type { MailKind } from "./messages";

/** What a mail says may become untrue, and true again: a start that is moved, and moved back. */
const COMES_AGAIN: ReadonlySet<string> = new Set<MailKind>([
  "registration.reminder",
  "registration.line_closed",
]);

/** Whether mail of a kind that turned out to be untrue may become true again. */
export function mayComeAgain(kind: string): boolean {
  return COMES_AGAIN.has(kind);
}

/**
 * Withdraws an order whose mail was not written, so that the same mail can be ordered again. If its row
 * stayed, it would prevent that for ever.
 */
export const withdrawOrder = inBatches<string, void>({
  most: 100,
  async run(outboxIds) {
    await database().execute("delete from outbox where id = any(?::bigint[]) and done_at is null", [
      `{${outboxIds.join(",")}}`,
    ]);
    return [];
  },
});
