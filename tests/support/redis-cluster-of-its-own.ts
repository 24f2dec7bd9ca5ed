import { afterAll } from "vitest";
import { startRedisCluster } from "./redis-cluster";

/** Imported first: the cluster that the application will use, whose nodes the test may kill. */
export const cluster = await startRedisCluster();

process.env.REDIS_URL = cluster.urls.join(",");
process.env.REDIS_CLUSTER = "on";
process.env.RATE_LIMITS = "on";
// What a primary that died still held is free again soon.
process.env.HOLD_SECONDS = "5";

afterAll(() => cluster.stop());
