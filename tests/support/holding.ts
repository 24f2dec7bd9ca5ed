import { randomUUID } from "node:crypto";
import { createPeople, openCompetition, type Person } from "./fixtures";
import { commitTogether, reserveSeat } from "./registration-parts";

/** One request of a person: the same through all the steps of its registration. */
export interface Request {
  competitionId: string;
  userId: string;
  user: Person;
  registrationId: string;
  idempotency?: { key: string; fingerprint: string };
}

/** A competition and people whose registrations a test takes step by step. */
export async function openStepByStep(capacity: number) {
  const competitionId = await openCompetition({ capacity });
  const [anna, ben, cleo] = (await createPeople(3)) as [Person, Person, Person];
  const request = (user: Person, key?: string, fingerprint = ""): Request => ({
    competitionId,
    userId: user.id,
    user,
    registrationId: randomUUID(),
    idempotency: key === undefined ? undefined : { key, fingerprint },
  });
  return { competitionId, anna, ben, cleo, request };
}

/** Takes a hold. @throws when Redis refuses */
export async function mustHold(request: Request) {
  const answer = await reserveSeat(request);
  if (answer.status !== "reserved") throw new Error(`expected a hold, got ${answer.status}`);
  return { ...request, seatNo: answer.seatNo, reservedAt: answer.reservedAt, epoch: answer.epoch };
}

/** Takes a hold and commits it; Redis does not hear of the commit. */
export async function mustCommit(request: Request) {
  const held = await mustHold(request);
  const [outcome] = await commitTogether([held]);
  if (outcome?.status !== "committed") throw new Error(`not committed: ${outcome?.status}`);
  return { ...held, answer: JSON.stringify(outcome.body) };
}
