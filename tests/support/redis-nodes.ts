import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { startThrowAwayRedis } from "./throw-away";

type Service = Awaited<ReturnType<typeof startThrowAwayRedis>>;

/** One of several servers that find each other, and a connection of the operator's to it. */
export interface RedisNode {
  service: Service;
  ask: Redis;
}

/** What nodes that belong together share: one password, and no waiting for replicas to line up. */
export function sharedSettings() {
  const password = randomBytes(12).toString("hex");
  const args = ["--appendonly", "no", "--save", "", "--masterauth", password];
  return { password, args: [...args, "--repl-diskless-sync-delay", "0"] };
}

/** Starts a server that other servers can reach under its own port. */
export async function startNode(password: string, args: string[]): Promise<RedisNode> {
  const service = await startThrowAwayRedis({ password, args });
  const ask = new Redis(service.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  ask.on("error", () => {});
  return { service, ask };
}

/** Ends servers, hanging ones too, and removes their data. */
export async function endNodes(nodes: RedisNode[]): Promise<void> {
  for (const { ask } of nodes) ask.disconnect();
  await Promise.all(nodes.map(({ service }) => service.kill().then(service.stop)));
}

/** One line of INFO or CLUSTER INFO. */
export function infoLine(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S*)`, "m").exec(info)?.[1];
}
