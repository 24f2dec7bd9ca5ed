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
  /** Who is the primary, once every sentinel and the node itself agree. */
  primary: () => Promise<RedisNode>;
  /** The same, once a replica follows it that could take over. */
  replacablePrimary: () => Promise<RedisNode>;
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
    primary: () => agreedPrimary(sentinels, [primary, ...replicas]),
    replacablePrimary: () => agreedPrimary(sentinels, [primary, ...replicas], 1),
    stop: () => endNodes([...sentinels, ...replicas, primary]),
  };
}

/**
 * Sentinels on a busy machine replace a primary that was only slow, and tell each other later: the word
 * of one of them may be a primary ago.
 */
function agreedPrimary(
  sentinels: readonly RedisNode[],
  nodes: RedisNode[],
  leastReplicas = 0,
): Promise<RedisNode> {
  return vi.waitFor(
    async () => {
      const said = await Promise.all(
        sentinels.map(({ ask }) => ask.call("SENTINEL", ADDRESS, NAME) as Promise<string[]>),
      );
      const ports = new Set(said.map(([, port]) => Number(port)));
      expect(ports.size).toBe(1);
      const node = nodes.find(({ service }) => ports.has(service.port));
      if (!node) throw new Error(`no node on port ${[...ports]}`);
      const [role, , replicas] = (await node.ask.role()) as [string, number, unknown[]];
      expect(role).toBe("master");
      expect(replicas.length).toBeGreaterThanOrEqual(leastReplicas);
      return node;
    },
    { timeout: 20_000, interval: 50 },
  );
}
