import { expect, vi } from "vitest";
import { pickPort } from "../../scripts/services/ports.ts";
import { endNodes, infoLine, type RedisNode, sharedSettings, startNode } from "./redis-nodes";

const PRIMARIES = 3;
const SLOTS = 16_384;
const PATIENCE = { timeout: 20_000, interval: 50 };
/** A primary that is silent for this long counts as failed, milliseconds. */
const NODE_TIMEOUT_MS = 1_000;

export interface RedisCluster {
  urls: string[];
  nodes: RedisNode[];
  /** Who has the key at this moment, as the nodes that live see it. */
  primaryOf: (key: string) => Promise<RedisNode>;
  /** Who would take over from that primary. */
  replicaOf: (primary: RedisNode) => Promise<RedisNode>;
  stop: () => Promise<void>;
}

/** Starts a real cluster: three primaries, and a replica of each. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const { password, args } = sharedSettings();
  const nodes = await Promise.all(
    Array.from({ length: 2 * PRIMARIES }, async () => {
      const busPort = String(await pickPort());
      const cluster = ["--cluster-enabled", "yes", "--cluster-port", busPort];
      const timing = ["--cluster-node-timeout", String(NODE_TIMEOUT_MS)];
      // However old its data: what a promoted replica does not know is what is tested here.
      const promoted = ["--cluster-replica-validity-factor", "0"];
      const node = await startNode(password, [...args, ...cluster, ...timing, ...promoted]);
      return { node, busPort };
    }),
  );
  const members = nodes.map(({ node }) => node);
  const [first, ...others] = nodes;
  if (!first) throw new Error("no nodes");
  for (const [index, { ask }] of members.entries()) {
    await ask.cluster("SET-CONFIG-EPOCH", index + 1);
    if (index < PRIMARIES) await ask.cluster("ADDSLOTSRANGE", ...slotsOf(index));
  }
  for (const { node, busPort } of others) {
    await first.node.ask.call("CLUSTER", "MEET", "127.0.0.1", node.service.port, busPort);
  }
  await everyNode(members, "cluster_known_nodes", String(members.length));
  for (const [index, { ask }] of members.slice(PRIMARIES).entries()) {
    const primaryId = await (members[index] as RedisNode).ask.cluster("MYID");
    await ask.cluster("REPLICATE", String(primaryId));
  }
  await everyNode(members, "cluster_state", "ok");
  await replicasFollow(members.slice(PRIMARIES));
  return describeCluster(members);
}

function describeCluster(nodes: RedisNode[]): RedisCluster {
  const byPort = (port: unknown) => {
    const node = nodes.find(({ service }) => service.port === Number(port));
    if (!node) throw new Error(`no node on port ${port}`);
    return node;
  };
  const shards = async () => {
    const alive = nodes.find(({ service }) => service.isRunning()) as RedisNode;
    return { alive, slots: await alive.ask.cluster("SLOTS") };
  };
  return {
    urls: nodes.map(({ service }) => service.url),
    nodes,
    async primaryOf(key) {
      const { alive, slots } = await shards();
      const slot = Number(await alive.ask.cluster("KEYSLOT", key));
      const range = slots.find(([from, to]) => from <= slot && slot <= to);
      return byPort(range?.[2]?.[1]);
    },
    replicaOf(primary) {
      return vi.waitFor(async () => {
        const { slots } = await shards();
        const range = slots.find(([, , owner]) => owner?.[1] === primary.service.port);
        return byPort(range?.[3]?.[1]);
      }, PATIENCE);
    },
    stop: () => endNodes(nodes),
  };
}

function slotsOf(index: number): [from: number, to: number] {
  const share = SLOTS / PRIMARIES;
  return [Math.ceil(index * share), Math.ceil((index + 1) * share) - 1];
}

function everyNode(nodes: RedisNode[], name: string, value: string): Promise<void> {
  return vi.waitFor(async () => {
    for (const { ask } of nodes) {
      expect(infoLine(String(await ask.cluster("INFO")), name)).toBe(value);
    }
  }, PATIENCE);
}

/** Waits until replicas have what their primaries have, and follow them. */
export function replicasFollow(replicas: RedisNode[]): Promise<void> {
  return vi.waitFor(async () => {
    for (const { ask } of replicas) {
      const info = await ask.info("replication");
      expect(infoLine(info, "role")).toBe("slave");
      expect(infoLine(info, "master_link_status")).toBe("up");
    }
  }, PATIENCE);
}
