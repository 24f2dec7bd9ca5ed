/** The first three are the contract's. Greylisting is over by the fifth, most outages by the eighth. */
const WAITS_S = [2, 4, 8, 60, 300, 900, 3_600, 7_200, 14_400];
const LONGEST_S = 14_400;
/** From here on mails that failed together are tried apart. */
const JITTER_FROM_S = 60;
const JITTER = 0.2;

/**
 * How long a mail waits for its next attempt. Seconds.
 *
 * @param failures how often it has failed, 1 or more
 */
export function waitAfter(failures: number, random = Math.random): number {
  const wait = WAITS_S[failures - 1] ?? LONGEST_S;
  return wait < JITTER_FROM_S ? wait : wait + Math.round(wait * JITTER * random());
}
