import { randomInt } from "node:crypto";
import { connect } from "node:net";
import getPort, { clearLockedPorts, portNumbers } from "get-port";

// Below the range that Linux hands out to outgoing connections (32768–60999): a server that is
// restarted on its port must not find it lent to somebody's client.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** The first wanted port of 127.0.0.1 that is free, else any free one. */
export function pickPort(...wanted: (number | undefined)[]): Promise<number> {
  const numbers = wanted.filter((port) => port !== undefined);
  // get-port keeps a port for whom it was given to; a server that starts again wants its own back.
  if (numbers.length > 0) clearLockedPorts();
  const others = portNumbers(randomInt(LOWEST, HIGHEST), HIGHEST);
  return getPort({ port: [...numbers, ...others], host: "127.0.0.1" });
}

/** Whether a server could listen on this port now; without a host, on every interface. */
export async function isPortFree(port: number, host?: string): Promise<boolean> {
  clearLockedPorts();
  return (await getPort({ port, host }).catch(() => null)) === port;
}

/** Whether anything accepts connections at that address. */
export function accepts(address: { host: string; port: number } | { path: string }) {
  return new Promise<boolean>((resolve) => {
    const socket = connect({ ...address, timeout: 3000 }, () => socket.destroy());
    socket.once("timeout", () => socket.destroy(new Error("no answer")));
    socket.once("close", (hadError) => resolve(!hadError)).on("error", () => {});
  });
}
