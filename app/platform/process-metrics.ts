import { collectDefaultMetrics } from "prom-client";
import packageJson from "../../package.json";
import { env } from "./env";
import { gauge, metrics } from "./metrics";
import { requestsPool } from "./postgres";
import { isRedisUsable, tryRedis } from "./redis";
import { takesRedisWrites } from "./redis-outage";
import { singleton } from "./singleton";

/**
 * Defines the metrics of every process: Node (memory, event loop lag, garbage collection), its version, its
 * connections to Postgres and Redis.
 */
export function defineProcessMetrics(): void {
  singleton("node-metrics", () => collectDefaultMetrics({ register: metrics() }));
  gauge({
    name: "build_info",
    help: "Always 1; which version of the program runs, on which Node",
    labelNames: ["version", "node"],
    collect() {
      this.set({ version: packageJson.version, node: process.versions.node }, 1);
    },
  });
  gauge({
    name: "database_connections",
    help: "Connections to Postgres in this process' pool, by state",
    labelNames: ["state"],
    collect() {
      const { idleCount = 0, totalCount = 0 } = requestsPool().pool ?? {};
      this.set({ state: "idle" }, idleCount);
      this.set({ state: "used" }, totalCount - idleCount);
    },
  });
  gauge({
    name: "database_connections_most",
    help: "How many connections the pool may have (DATABASE_POOL_MAX)",
    collect() {
      this.set(env().DATABASE_POOL_MAX);
    },
  });
  gauge({
    name: "database_connections_waiting",
    help: "Requests and jobs that wait for a connection to Postgres",
    collect() {
      this.set(requestsPool().pool?.waitingCount ?? 0);
    },
  });
  // Connects, so that the first who asks is not told that there is no Redis.
  isRedisUsable();
  gauge({
    name: "redis_usable",
    help: "1: requests use Redis; 0: they go on without it",
    collect() {
      const takesWrites = takesRedisWrites();
      this.set(isRedisUsable() && takesWrites ? 1 : 0);
      // Without any visitor nobody else would notice that it takes them again.
      if (!takesWrites) void tryRedis((client) => client.ping());
    },
  });
}
