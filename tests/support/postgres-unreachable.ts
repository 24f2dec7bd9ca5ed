import "./faults-on";
import "./postgres-behind-proxy";
import { afterAll, afterEach, expect, vi } from "vitest";
import { register } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import {
  closeEverything,
  confirmedSeats,
  createPeople,
  openCompetition,
  type Person,
} from "./fixtures";
import { network } from "./postgres-behind-proxy";
import { expectMended } from "./registering";
import type { Weather } from "./tcp-proxy";

afterAll(closeEverything);
afterEach(() => network.set({ kind: "fair" }));

/** No try is begun after eight seconds, and one try has its own limits. */
const MOST_MS = 20_000;

/**
 * Expects that requests take no longer than the limits while the network to Postgres is like this,
 * and that all is as it should be when it is fair again.
 */
export async function expectLimitsHold(weather: Weather): Promise<void> {
  const competitionId = await openCompetition({ capacity: 150 });
  const people = await createPeople(150);
  expect(await ask(people.slice(0, 10), competitionId)).toMatchObject({ registered: 10 });
  network.set(weather);
  const { unavailable, longestMs } = await ask(people.slice(10), competitionId);
  expect(unavailable).toBe(140);
  expect(longestMs).toBeLessThan(MOST_MS);
  await postgresAnswers();
  // What they were not told may well have happened: the same key finds out.
  await vi.waitFor(
    async () => {
      await ask(people, competitionId);
      expect(await confirmedSeats(competitionId)).toHaveLength(150);
    },
    { timeout: 60_000, interval: 1_000 },
  );
  await expectMended(competitionId);
}

async function ask(people: Person[], competitionId: string) {
  const started = performance.now();
  const results = await Promise.all(
    people.map(async (user) => {
      const result = await register({ user, competitionId, idempotencyKey: user.id });
      return { result, ms: performance.now() - started };
    }),
  );
  const statuses = results.map(({ result }) => result.status);
  const count = (status: string) => statuses.filter((one) => one === status).length;
  return {
    registered: count("registered"),
    unavailable: count("unavailable"),
    longestMs: Math.max(...results.map(({ ms }) => ms)),
  };
}

async function postgresAnswers(): Promise<void> {
  network.set({ kind: "fair" });
  await vi.waitFor(() => database().execute("select 1"), { timeout: 20_000 });
}
