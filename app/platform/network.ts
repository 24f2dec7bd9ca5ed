import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";

/** The network an address counts for: itself, or its /64 under IPv6, where one customer has one. */
export function networkOf(address: string): string {
  return networks.memo(address);
}

/** Reading an address costs a request more than everything else that its limits ask. */
const networks = new LRUCache<string, string>({ max: 10_000, memoMethod: findNetwork });

function findNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${ipaddr.IPv6.networkAddressFromCIDR(`${parsed}/64`)}/64`
    : parsed.toString();
}
