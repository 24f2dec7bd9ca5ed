import { randomUUID } from "node:crypto";
import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { rivalDatabase } from "../rival-database";
import { SeedCompetition, SeedRegistration } from "../rival-entities";
import { countRivalRegistrations, openRivalCompetition } from "../rival-tables";
import type { Answer, Side, SideRequest } from "./side";

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
  const em = rivalDatabase();
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
