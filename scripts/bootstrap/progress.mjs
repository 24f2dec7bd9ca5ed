/**
 * Shows that something long is still running: a line every ten seconds.
 * @template T
 * @param {string} text
 * @param {(line: string) => void} log
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(text, log, work) {
  const started = Date.now();
  const timer = setInterval(() => {
    log(`${text} … ${Math.round((Date.now() - started) / 1000)} s`);
  }, 10_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
