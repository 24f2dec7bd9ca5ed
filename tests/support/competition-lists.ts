import { randomUUID } from "node:crypto";
import { afterAll, beforeEach } from "vitest";
import { createCompetition } from "~/domain/competitions/index.server";
import { orm } from "~/platform/orm";
import { closeEverything, createPerson, type Person, wipeRedis } from "./fixtures";

const HOUR = 3_600_000;
let organizer: Person;

/** Before each test of the file nothing is there but an organizer. @returns who that is */
export function startWithoutCompetitions(): () => Person {
  beforeEach(async () => {
    await sql("truncate competition, seat, registration, redis_gap cascade");
    await wipeRedis();
    organizer = await createPerson("ORGANIZER");
  });
  afterAll(closeEverything);
  return () => organizer;
}

/** Creates a competition, by default the organizer's, that closes in so many hours. @returns its id */
export async function create({
  title = `Competition ${randomUUID()}`,
  description = "About it",
  tags = [] as string[],
  capacity = 2,
  hours = 24,
  organizer: actor = organizer,
}): Promise<string> {
  const regDeadline = new Date(Date.now() + hours * HOUR);
  const { id } = await createCompetition({
    actor,
    input: { title, description, tags, capacity, opensAt: null, regDeadline, startDate: null },
  });
  return id;
}

/** Runs a statement. @returns its rows */
export async function sql(
  text: string,
  parameters: (string | number | null)[] = [],
): Promise<unknown[]> {
  return orm().em.fork().getConnection().execute(text, parameters);
}

/** The statements that the work sends to Postgres, those of them that contain a text. */
export async function queriesOf(work: () => Promise<unknown>, text = "") {
  const queries: { query: string; params?: readonly unknown[] }[] = [];
  const logger = orm().config.getLogger();
  logger.setDebugMode(["query"]);
  const logQuery = logger.logQuery.bind(logger);
  logger.logQuery = ({ query = "", params }) => {
    if (query.includes(text)) queries.push({ query, params });
  };
  try {
    await work();
  } finally {
    logger.logQuery = logQuery;
    logger.setDebugMode(false);
  }
  return queries;
}
