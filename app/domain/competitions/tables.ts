import { defineEntity, type InferEntity, p } from "@mikro-orm/core";
import { User } from "../accounts/tables";

export const Competition = defineEntity({
  name: "Competition",
  tableName: "competition",
  properties: {
    id: p.uuid().primary(),
    title: p.string().length(200),
    description: p.text(),
    tags: p.array<string>().columnType("text[]").defaultRaw("'{}'"),
    capacity: p.integer(),
    /** Counts how often Redis may have forgotten holds: those of an earlier epoch are void. */
    seatEpoch: p.integer().default(0).hidden(),
    regDeadline: p.datetime(3),
    startDate: p.datetime(3).nullable(),
    createdBy: () => p.manyToOne(User).ref().deleteRule("restrict"),
    createdAt: p.datetime(3).defaultRaw("now()"),
    updatedAt: p.datetime(3).defaultRaw("now()"),
    deletedAt: p.datetime(3).nullable(),
  },
  checks: [
    { name: "competition_capacity_check", expression: "capacity >= 1 and capacity <= 100000" },
  ],
  indexes: [
    { name: "competition_newest_index", properties: ["createdAt", "id"] },
    { name: "competition_created_by_index", properties: ["createdBy"] },
    { name: "competition_start_index", properties: ["startDate"] },
    { name: "competition_updated_index", properties: ["updatedAt"] },
    {
      name: "competition_tags_index",
      expression: `create index "competition_tags_index" on "competition" using gin ("tags")`,
    },
  ],
});

export type Competition = InferEntity<typeof Competition>;
