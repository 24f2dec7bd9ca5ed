import { randomUUID } from "node:crypto";
import { defineEntity, p, UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { ormOptions } from "~/platform/orm";
import { countRivalRegistrations, openRivalCompetition, PATIENCE } from "../rival-database.ts";
import type { Answer, Side, SideRequest } from "./side.ts";

/**
 * The seed's algorithm, as its document shows it, through the ORM of this product: look the key up,
 * then count and insert inside a transaction of the default isolation level. Its mail job is left
 * out. Nothing in it keeps two from counting the same free seat.
 */
export const seed: Side = {
  name: "seed",
  open: openRivalCompetition,
  register: registerAsSeed,
  countStored: countRivalRegistrations,
};

async function registerAsSeed({ user, competitionId, key }: SideRequest): Promise<Answer> {
  const em = seedDatabase();
  if (key) {
    const existing = await em.findOne(SeedRegistration, { idempotencyKey: key });
    if (existing) return { ending: "registered", registrationId: existing.id };
  }
  try {
    return await em.transactional(async (tx): Promise<Answer> => {
      const competition = await tx.findOne(SeedCompetition, { id: competitionId });
      if (!competition || competition.regDeadline <= new Date()) return { ending: "other" };
      const registrations = await tx.count(SeedRegistration, { competitionId });
      if (registrations >= competition.capacity) return { ending: "full" };
      const registration = tx.create(SeedRegistration, {
        id: randomUUID(),
        userId: user.id,
        competitionId,
        idempotencyKey: key ?? null,
        registeredAt: new Date(),
      });
      await tx.persist(registration).flush();
      return { ending: "registered", registrationId: registration.id };
    });
  } catch (error) {
    if (error instanceof UniqueConstraintViolationException) return { ending: "other" };
    throw error;
  }
}

const SeedCompetition = defineEntity({
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

const SeedRegistration = defineEntity({
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

let orm: MikroORM | undefined;

function seedDatabase(): EntityManager {
  orm ??= new MikroORM({
    ...ormOptions(PATIENCE),
    entities: [SeedCompetition, SeedRegistration],
  });
  return orm.em.fork() as EntityManager;
}

export async function closeSeed(): Promise<void> {
  await orm?.close(true);
}
