import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";

/** The network that an address counts for: itself, or its /64 under IPv6. */
export function networkOf(address: string): string {
  return networks.memo(address);
}

/**
 * The site that an IPv6 address counts for as well, its /48: as much as a customer may be given (RFC 6177), which
 * is 65,536 networks. Undefined under IPv4.
 */
export function siteOf(address: string): string | undefined {
  return sites.memo(address) || undefined;
}

/** Cached: reading an address costs more than everything else about a request's limits. */
const networks = new LRUCache<string, string>({ max: 10_000, memoMethod: findNetwork });

const sites = new LRUCache<string, string>({
  max: 10_000,
  memoMethod: (address) => ofIPv6(address, 48) ?? "",
});

function findNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  return ofIPv6(address, 64) ?? ipaddr.process(address).toString();
}

function ofIPv6(address: string, bits: number): string | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return undefined;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/${bits}`)}/${bits}`;
}
