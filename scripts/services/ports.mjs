import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";

// Below the range that Linux hands out to outgoing connections (32768–60999): a server that is
// restarted on its port must not find it lent to somebody's client.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * Whether a server could listen on this port of 127.0.0.1 now.
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>}
 */
export function isPortFree(port, host = "127.0.0.1") {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * The first preferred port that is free, else a random free one that is not in use.
 * @param {{ prefer?: (number | undefined)[], isFree?: (port: number) => Promise<boolean> }} [options]
 * @returns {Promise<number>}
 */
export async function pickPort({ prefer = [], isFree = isPortFree } = {}) {
  for (const port of prefer) {
    if (port !== undefined && (await isFree(port))) return port;
  }
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port between ${LOWEST} and ${HIGHEST} on 127.0.0.1.`);
}

/**
 * Whether anything accepts connections at that address.
 * @param {{ host: string, port: number }} address
 * @returns {Promise<boolean>}
 */
export function accepts({ host, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const answer = (/** @type {boolean} */ result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(3000, () => answer(false));
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}
