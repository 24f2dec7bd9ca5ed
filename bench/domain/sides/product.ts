import { competitionSchema, createCompetition } from "~/domain/competitions/index.server";
import { register } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { createPeople, type Person } from "../../../tests/support/fixtures.ts";
import type { Side } from "./side.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * This product: the same call that its pages and its API make. `--against` runs this file of another
 * commit too, so it stays here, and stays a `Side`.
 */
export const product: Side = {
  name: "product",
  open: openCompetition,

  async register({ user, competitionId, key }) {
    const result = await register({ user, competitionId, idempotencyKey: key });
    switch (result.status) {
      case "registered":
        return { ending: "registered", registrationId: result.body.id };
      case "competition_full":
        return { ending: "full" };
      case "request_in_progress":
        return { ending: "other", later: true };
      default:
        return { ending: "other" };
    }
  },

  async countStored(competitionId) {
    const [row] = await database().execute<{ count: number }[]>(
      `select count(*)::int as count from registration
       where competition_id = ? and status = 'CONFIRMED'`,
      [competitionId],
    );
    return row?.count ?? 0;
  },
};

let organizer: Person | undefined;

/** Whose competitions these are. */
export async function theOrganizer(): Promise<Person> {
  organizer ??= (await createPeople(1, "ORGANIZER"))[0];
  if (!organizer) throw new Error("nobody was made");
  return organizer;
}

/** Makes an open competition, its seats and what Redis knows of it. */
export async function openCompetition(asked: {
  capacity: number;
  waitlistLimit?: number;
}): Promise<string> {
  const competition = await createCompetition({
    actor: await theOrganizer(),
    input: competitionSchema.parse({
      title: "A hot competition",
      description: "About it",
      tags: ["hot"],
      ...asked,
      regDeadline: new Date(Date.now() + DAY_MS).toISOString(),
      startDate: new Date(Date.now() + 30 * DAY_MS).toISOString(),
    }),
  });
  return competition.id;
}
