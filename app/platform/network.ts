import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";

/** The network that an address counts for: itself, or under IPv6 its /64, which one customer has. */
export function networkOf(address: string): string {
  return networks.memo(address);
}

/** Cached: reading an address costs more than everything else about a request's limits. */
const networks = new LRUCache<string, string>({ max: 10_000, memoMethod: findNetwork });

function findNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/64`)}/64`
    : parsed.toString();
}
