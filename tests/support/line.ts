import { findOwnStanding, type RegisterResult, register } from "~/domain/registration/index.server";
import { database } from "~/platform/orm";
import { createPeople, createPerson, openCompetition, type Person } from "./fixtures";
import { mustRegister } from "./registering";

/** A full competition, its organizer, who has its seats, and people who have none. */
export async function openFull({ capacity = 1, waitlistLimit = 10, others = 4 } = {}) {
  const organizer = await createPerson("ORGANIZER");
  const competitionId = await openCompetition({
    capacity,
    waitlistLimit,
    organizerId: organizer.id,
  });
  const people = await createPeople(capacity + others);
  const seated = people.slice(0, capacity);
  for (const user of seated) await mustRegister(user, competitionId);
  return { competitionId, organizer, seated, people: people.slice(capacity) as FourPeople };
}

type FourPeople = [Person, Person, Person, Person, ...Person[]];

/** Asks for a seat, or a place in line. */
export function ask(user: Person, competitionId: string, key?: string): Promise<RegisterResult> {
  const fingerprint = "waitlist";
  const idempotencyKey = key;
  return register({ user, competitionId, waitlist: true, idempotencyKey, fingerprint });
}

/** Joins the line. @throws unless they get a place in it */
export async function mustJoin(user: Person, competitionId: string, key?: string) {
  const result = await ask(user, competitionId, key);
  if (result.status !== "waiting") throw new Error(`expected a place, was told ${result.status}`);
  return result;
}

/** What each of them has now: a place in line, a seat, or null. */
export function standings(people: Person[], competitionId: string) {
  return Promise.all(
    people.map(async (actor) => {
      const standing = await findOwnStanding({ actor, competitionId });
      if (!standing) return null;
      return standing.waitlist ? `place ${standing.waitlist.place}` : `seat ${standing.seatNo}`;
    }),
  );
}

/** The kinds of mail that were ordered about the registrations of somebody, in order. */
export async function mailTo(user: Person, competitionId: string): Promise<string[]> {
  const rows: { kind: string }[] = await database().execute(
    `select o.kind from outbox o join registration r on o.payload->>'registrationId' = r.id::text
      where r.user_id = ? and r.competition_id = ? order by o.id`,
    [user.id, competitionId],
  );
  return rows.map(({ kind }) => kind.replace("registration.", ""));
}
