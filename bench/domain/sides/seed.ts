import { randomUUID } from "node:crypto";
import { defineEntity, p, UniqueConstraintViolationException } from "@mikro-orm/core";
import { type EntityManager, MikroORM } from "@mikro-orm/postgresql";
import { ormOptions } from "~/platform/orm";
import { countRivalRegistrations, openRivalCompetition, PATIENCE } from "../rival-database.ts";
import type { Answer, Side, SideRequest } from "./side.ts";

/**
 * The seed's algorithm, as its document shows it, through the ORM of this product: look the key up,
 * then count and insert inside a transaction of the default isolation level. Nothing in it keeps two
 * from counting the same free seat. Its mail job is left out here: `seedWithMail` has it.
 */
export const seed: Side = {
  name: "seed",
  open: openRivalCompetition,
  register: (request) => registerAsSeed(request),
  countStored: countRivalRegistrations,
};

/** What a registration's mail is written from. */
export interface SeedConfirmation {
  registrationId: string;
  userId: string;
  email: string;
  name: string;
  title: string;
}

/** Registers somebody the seed's way. `orderMail` is awaited after each commit of a registration. */
export async function registerAsSeed(
  { user, competitionId, key }: SideRequest,
  orderMail?: (confirmation: SeedConfirmation) => Promise<void>,
): Promise<Answer> {
  const em = seedDatabase();
  if (key) {
    const existing = await em.findOne(SeedRegistration, { idempotencyKey: key });
    if (existing) return { ending: "registered", registrationId: existing.id };
  }
  let title = "";
  let answer: Answer;
  try {
    answer = await em.transactional(async (tx): Promise<Answer> => {
      const competition = await tx.findOne(SeedCompetition, { id: competitionId });
      if (!competition || competition.regDeadline <= new Date()) return { ending: "other" };
      const registrations = await tx.count(SeedRegistration, { competitionId });
      if (registrations >= competition.capacity) return { ending: "full" };
      title = competition.title;
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
  const { registrationId } = answer;
  if (registrationId) {
    await orderMail?.({
      registrationId,
      userId: user.id,
      email: user.email,
      name: user.name,
      title,
    });
  }
  return answer;
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

export const SeedMail = defineEntity({
  name: "SeedMail",
  schema: "rival",
  tableName: "mail_box",
  properties: {
    id: p.uuid().primary(),
    userId: p.uuid(),
    to: p.string(),
    subject: p.string(),
    body: p.text(),
    sentAt: p.datetime(3),
    jobId: p.string().nullable(),
  },
});

export const SeedFailedJob = defineEntity({
  name: "SeedFailedJob",
  schema: "rival",
  tableName: "failed_job",
  properties: {
    id: p.uuid().primary(),
    jobName: p.string(),
    jobData: p.json<SeedConfirmation>(),
    error: p.text(),
    attempts: p.integer(),
    failedAt: p.datetime(3),
  },
});

let orm: MikroORM | undefined;

/** The seed's own tables, by the ORM. */
export function seedDatabase(): EntityManager {
  orm ??= new MikroORM({
    ...ormOptions(PATIENCE),
    entities: [SeedCompetition, SeedRegistration, SeedMail, SeedFailedJob],
  });
  return orm.em.fork() as EntityManager;
}

export async function closeSeed(): Promise<void> {
  await orm?.close(true);
}
