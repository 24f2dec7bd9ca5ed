import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Network } from "./measure";
import type { Programs } from "./programs";

/** Where programs find Postgres and Redis. */
export interface Addresses {
  DATABASE_URL: string;
  REDIS_URL: string;
}

/** What an answer of Postgres or Redis takes longer on the delayed network, milliseconds. */
export const DELAY_MS = 1;

/** The same servers, seen over each network. */
export interface Networks {
  addresses: Record<Network, Addresses>;
  stop: () => void;
}

/** Puts a delaying proxy, a process of its own, in front of both servers. */
export async function startNetworks(direct: Addresses, programs: Programs): Promise<Networks> {
  const urls = [direct.DATABASE_URL, direct.REDIS_URL].map((url) => new URL(url));
  const targets = urls.map(({ hostname, port }) => ({ host: hostname, port: Number(port) }));
  const order = JSON.stringify({ targets, delayMs: DELAY_MS });
  const proxy: ChildProcess = fork(programs.delayProxy, [order], { execArgv: [] });
  const [ports]: number[][] = (await once(proxy, "message")) as [number[]];
  const [database, redis] = urls.map((url, index) => {
    const behind = new URL(url);
    behind.port = String(ports?.[index]);
    return behind.href;
  });
  return {
    addresses: {
      loopback: direct,
      delayed: { DATABASE_URL: database ?? "", REDIS_URL: redis ?? "" },
    },
    stop: () => void proxy.kill(),
  };
}
