import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { Competition } from "./competition.server";

/**
 * A registration that Redis may not have heard of, because it was made without Redis: noted in its
 * transaction, for the processes that do have a Redis to know. Kept for a minute.
 */
export const RedisGap = defineEntity({
  name: "RedisGap",
  tableName: "redis_gap",
  properties: {
    registrationId: p.uuid().primary(),
    competition: () => p.manyToOne(Competition).ref().deleteRule("cascade").index(false),
    notedAt: p.datetime(3).defaultRaw("clock_timestamp()"),
  },
  indexes: [{ name: "redis_gap_noted_index", properties: ["notedAt"] }],
});

export type RedisGap = InferEntity<typeof RedisGap>;
