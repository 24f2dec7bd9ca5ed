/** Until the server says how soon to ask. */
const POLL_MS = 5_000;
const FASTEST_POLL_MS = 1_000;
const SLOWEST_POLL_MS = 60_000;

/**
 * Asks for the same again and again, while somebody looks at the page. The server says how often; one
 * that does not answer is asked less and less often. An answer that leads elsewhere, as to the login,
 * is the last one.
 *
 * @param hear is told each answer
 * @returns what stops it
 */
export function keepAsking<Answer extends { nextMs?: number }>(
  address: string,
  hear: (answer: Answer) => void,
): () => void {
  const left = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  // Spread out, or everybody who opened the page at noon asks in the same moment for ever.
  const wait = (ms: number) => {
    timer = setTimeout(() => void ask(ms), ms * (0.8 + Math.random() * 0.4));
  };
  const ask = async (waited: number) => {
    if (document.hidden) return wait(waited);
    const response = await fetch(address, { signal: left.signal }).catch(() => null);
    if (response?.redirected) return;
    const answer: Answer | null = response?.ok ? await response.json().catch(() => null) : null;
    if (left.signal.aborted) return;
    if (answer) hear(answer);
    const nextMs = answer ? (answer.nextMs ?? POLL_MS) : waited * 2;
    wait(Math.min(Math.max(nextMs, FASTEST_POLL_MS), SLOWEST_POLL_MS));
  };
  wait(POLL_MS);
  return () => {
    left.abort();
    clearTimeout(timer);
  };
}
