/** This many orders a second are a rush. */
const RUSH_A_SECOND = 200;
/** Mail of a rush may wait for this long, seconds; then it leaves as fast as it can. */
const PATIENCE_S = 10;
/** How much is sent in each pass meanwhile: the newest first, so that a lone person does not wait. */
const IN_A_RUSH = 20;
/** The least time between two looks, milliseconds: a shorter one says nothing about a second. */
const LOOKED_EVERY_MS = 200;

/**
 * How much mail may be written now. While a crowd registers, its mail takes the processors and the
 * disk that its registrations need, so it waits until the crowd is through, for ten seconds at most.
 *
 * Orders reveal a rush more reliably than anything else: the registrations' own commits write them,
 * wherever these run, and they show before the first registration is slow.
 */
export function paceOfMail(clock = () => performance.now()) {
  let last: { id: number; at: number } | undefined;
  let isRush = false;
  return {
    /** @returns how many mails this pass may write */
    next({ lastId, waitsSeconds }: { lastId: number; waitsSeconds: number }): number {
      const at = clock();
      if (!last || at - last.at >= LOOKED_EVERY_MS) {
        isRush =
          last !== undefined && ((lastId - last.id) * 1_000) / (at - last.at) > RUSH_A_SECOND;
        last = { id: lastId, at };
      }
      return isRush && waitsSeconds < PATIENCE_S ? IN_A_RUSH : Number.POSITIVE_INFINITY;
    },
  };
}
