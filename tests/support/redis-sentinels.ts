import { expect, vi } from "vitest";
import { replicasFollow } from "./redis-cluster";
import { endNodes, type RedisNode, sharedSettings, startNode } from "./redis-nodes";

const REPLICAS = 2;
const QUORUM = "2";
/** What the sentinels call the primary. */
const NAME = "seats";
const ADDRESS = "GET-MASTER-ADDR-BY-NAME";
/** A primary that is silent for this long counts as failed, milliseconds. */
const DOWN_AFTER_MS = 1_000;

export interface WatchedRedis {
  /** Of the sentinels. */
  urls: string[];
  name: string;
  password: string;
  /** Who is the primary at this moment, as the first sentinel sees it. */
  primary: () => Promise<RedisNode>;
  stop: () => Promise<void>;
}

/** Starts a primary, two replicas, and three sentinels that watch over them. */
export async function startWatchedRedis(): Promise<WatchedRedis> {
  const { password, args } = sharedSettings();
  const primary = await startNode(password, args);
  const { port } = primary.service;
  const replicas = await Promise.all(
    Array.from({ length: REPLICAS }, () =>
      startNode(password, [...args, "--replicaof", "127.0.0.1", String(port)]),
    ),
  );
  await replicasFollow(replicas);
  const sentinel = () => startNode(password, ["--sentinel"]);
  const sentinels = [await sentinel(), await sentinel(), await sentinel()] as const;
  for (const { ask } of sentinels) {
    await ask.call("SENTINEL", "MONITOR", NAME, "127.0.0.1", String(port), QUORUM);
    const settings = ["auth-pass", password, "down-after-milliseconds", String(DOWN_AFTER_MS)];
    await ask.call("SENTINEL", "SET", NAME, ...settings, "failover-timeout", "2000");
  }
  await vi.waitFor(
    async () => {
      for (const { ask } of sentinels) {
        const watched = (await ask.call("SENTINEL", "MASTER", NAME)) as string[];
        expect(watched[watched.indexOf("num-slaves") + 1]).toBe(String(REPLICAS));
        expect(watched[watched.indexOf("num-other-sentinels") + 1]).toBe(
          String(sentinels.length - 1),
        );
      }
    },
    { timeout: 20_000, interval: 50 },
  );
  return {
    urls: sentinels.map(({ service }) => service.url),
    name: NAME,
    password,
    async primary() {
      const [, at] = (await sentinels[0].ask.call("SENTINEL", ADDRESS, NAME)) as string[];
      const node = [primary, ...replicas].find(({ service }) => service.port === Number(at));
      if (!node) throw new Error(`no node on port ${at}`);
      return node;
    },
    stop: () => endNodes([...sentinels, ...replicas, primary]),
  };
}
