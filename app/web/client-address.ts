import { isIP } from "node:net";
import type { Request } from "express";

/**
 * Express' "trust proxy" value for TRUST_PROXY: unset or `off` trusts nobody, a number is how many
 * proxies stand in front of us, anything else a comma-separated list of their addresses.
 */
export function trustedProxies(setting: string | undefined): number | string | false {
  if (!setting || setting === "off" || setting === "false") return false;
  return /^\d+$/.test(setting) ? Number(setting) : setting;
}

/** The client's address: what a trusted proxy says, else the socket's other end. */
export function clientAddress(req: Request): string {
  // A proxy passes on what it was told, so an X-Forwarded-For may still hold anything.
  const claimed = req.ip ?? "";
  const address = isIP(claimed) ? claimed : (req.socket.remoteAddress ?? "unknown");
  return address.startsWith("::ffff:") ? address.slice("::ffff:".length) : address;
}

/** Whether the request came from a proxy whose `x-…` headers TRUST_PROXY tells us to believe. */
export function isFromTrustedProxy(req: Request): boolean {
  const trusts: unknown = req.app.get("trust proxy fn");
  return typeof trusts === "function" && trusts(req.socket.remoteAddress, 0) === true;
}

/** The host and port the visitor's browser asked for, or null when the header makes no sense. */
export function requestedHost(req: Request): string | null {
  const forwarded = isFromTrustedProxy(req) ? req.get("x-forwarded-host") : undefined;
  const host = forwarded?.split(",")[0]?.trim() || req.get("host");
  return host && /^[a-z0-9.:_[\]-]+$/i.test(host) ? host : null;
}
