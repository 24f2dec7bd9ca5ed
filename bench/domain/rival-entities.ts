import { defineEntity, p } from "@mikro-orm/core";

/** The seed document's competition. */
export const SeedCompetition = defineEntity({
  name: "SeedCompetition",
  schema: "rival",
  tableName: "competition",
  properties: {
    id: p.uuid().primary(),
    title: p.string(),
    description: p.text(),
    tags: p.array<string>().columnType("text[]"),
    capacity: p.integer(),
    regDeadline: p.datetime(3),
    startDate: p.datetime(3).nullable(),
    createdById: p.uuid(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    deletedAt: p.datetime(3).nullable(),
  },
});

/** The seed document's registration. */
export const SeedRegistration = defineEntity({
  name: "SeedRegistration",
  schema: "rival",
  tableName: "registration",
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    competitionId: p.uuid(),
    idempotencyKey: p.string().nullable(),
    registeredAt: p.datetime(3),
  },
});
