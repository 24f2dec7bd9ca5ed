import { waitFor } from "../services/process.mjs";

/**
 * Waits until a server of ours says that it is ready.
 * @param {{ port: number, host?: string, timeoutMs?: number }} options
 * @returns {Promise<boolean>}
 */
export function waitUntilReady({ port, host, timeoutMs = 60_000 }) {
  const name = !host || host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${name.includes(":") ? `[${name}]` : name}:${port}/readyz`;
  return waitFor(() => answersOk(url), { timeoutMs, everyMs: 100 });
}

/** @param {string} url */
async function answersOk(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
