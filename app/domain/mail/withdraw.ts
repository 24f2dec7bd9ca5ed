import { inBatches } from "~/platform/batch";
import { database } from "~/platform/orm";
import type { MailKind } from "./messages";

/** What is true at one moment may be untrue at the next, and true again: a start that is moved and moved back. */
const COMES_AGAIN: ReadonlySet<string> = new Set<MailKind>([
  "registration.reminder",
  "registration.line_closed",
]);

/** Whether mail of a kind that turned out to be untrue may become true again. */
export function mayComeAgain(kind: string): boolean {
  return COMES_AGAIN.has(kind);
}

/**
 * Takes an order back whose mail was not written, so that the same mail may be ordered again. A row that stays
 * would be in its way for ever.
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
