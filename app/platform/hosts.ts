import { networkInterfaces } from "node:os";

/** Whether a URL's host or an address to listen on is this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  return /^(localhost|.+\.localhost|127(\.\d+){3}|::1)$/.test(name);
}

/** An `Origin` as browsers write it (RFC 6454, 6.2): scheme, host and port, and nothing else. */
export function parseOrigin(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && url.href === `${url.origin}/` ? url : null;
}

/**
 * Whether an origin is of the host that a request asked for, as `Host` names it: the scheme's own port
 * may stand there or not, and so may the dot at the end of a name. A proxy that ends TLS may name the
 * port of its plain side.
 */
export function isOfHost(origin: URL, host: string): boolean {
  const named = origin.protocol === "https:" ? host.replace(/:80$/, "") : host;
  const asked = parseOrigin(`${origin.protocol}//${named}`);
  return asked !== null && withoutDot(asked) === withoutDot(origin) && asked.port === origin.port;
}

function withoutDot({ hostname }: URL): string {
  return hostname.replace(/\.$/, "");
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

/** What is wrong with the address, and not with the port. */
const OF_HOST = /^(ENOTFOUND|EAI_\w+|EADDRNOTAVAIL|EAFNOSUPPORT|EINVAL)$/;

/**
 * Why nothing can listen there, in a line that names the setting to change.
 *
 * @param of before HOST and PORT: `WORKER_`, `METRICS_`, or nothing for the site
 */
export function cannotListen(
  of: "" | "WORKER_" | "METRICS_",
  { host, port }: { host: string | undefined; port: number },
  { code, message }: NodeJS.ErrnoException,
): string {
  const isHosts = code !== undefined && OF_HOST.test(code);
  const where = isHosts
    ? `${of}HOST: cannot listen on ${host}`
    : `${of}PORT: cannot listen on ${port}`;
  return `${where} (${code ?? message})`;
}
