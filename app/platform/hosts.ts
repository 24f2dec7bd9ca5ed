import { networkInterfaces } from "node:os";

/** Whether a URL's host or an address to listen on is this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  return /^(localhost|.+\.localhost|127(\.\d+){3}|::1)$/.test(name);
}

/**
 * The addresses that HOST stands for. `localhost` is both loopback addresses, the second where this
 * machine has it: browsers try either. Without HOST it is one `undefined`: every interface.
 */
export function addressesOf(host: string | undefined): (string | undefined)[] {
  if (host !== "localhost") return [host];
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return ["127.0.0.1", ...(own.some(({ address }) => address === "::1") ? ["::1"] : [])];
}
