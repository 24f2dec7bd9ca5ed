import { hash } from "bcryptjs";
import { type Caller, deadline, newContest } from "../harness/contest";
import type { Observer } from "../harness/observer";
import { makeCallers, writeContests } from "../harness/people";

/** Who and what is there before anybody attacks. */
export interface Town {
  port: number;
  /** People who mean well, and the competition that they come for. */
  honest: Caller[];
  competition: string;
  /** People who do not: organizers, and participants with a competition to play with. */
  organizers: Caller[];
  participants: Caller[];
  plaything: string;
  /** Words that descriptions are made of. */
  words: string[];
}

export const PASSWORD = "password123";
const ATTACKERS = 30;
const ORGANIZERS = 10;
const LONGEST_DESCRIPTION = 10_000;

/** Fills the database: people, a competition for the honest ones, and many with long descriptions. */
export async function buildTown(
  observer: Observer,
  { port, competitions, people }: { port: number; competitions: number; people: number },
): Promise<Town> {
  const honest = await makeCallers(observer, { count: people, role: "PARTICIPANT" });
  const participants = await makeCallers(observer, { count: ATTACKERS, role: "PARTICIPANT" });
  const organizers = await makeCallers(observer, { count: ORGANIZERS, role: "ORGANIZER" });
  await observer.rows(`update "user" set password_hash = ?`, [await hash(PASSWORD, 10)]);

  const [organizer, other] = await makeCallers(observer, { count: 2, role: "ORGANIZER" });
  if (!organizer || !other) throw new Error("nobody was made");
  const wanted = newContest(organizer, "Wanted");
  const plaything = newContest(other, "Plaything");
  await writeContests(observer, [
    { contest: wanted, capacity: people, waitlistLimit: 0 },
    { contest: plaything, capacity: ATTACKERS, waitlistLimit: 0 },
  ]);
  const words = Array.from({ length: 400 }, (_, n) => `w${((n * 7_919) % 46_656).toString(36)}x`);
  await writeLongOnes(observer, { count: competitions, words, organizer: other });
  await observer.rows("analyze");
  return {
    port,
    honest,
    competition: wanted.id,
    organizers,
    participants,
    plaything: plaything.id,
    words,
  };
}

async function writeLongOnes(
  observer: Observer,
  { count, words, organizer }: { count: number; words: string[]; organizer: Caller },
): Promise<void> {
  const texts = Array.from({ length: 20 }, (_, n) => {
    const text = Array.from({ length: 2_500 }, (_, m) => words[(m * (n + 3) * 31) % words.length]);
    return text.join(" ").slice(0, LONGEST_DESCRIPTION - 10);
  });
  await observer.rows(
    `insert into competition (id, title, description, tags, capacity, reg_deadline, created_by_id)
     select gen_random_uuid(), 'Long ' || n, (?::json ->> (n % 20)) || ' n' || n, '{long}', 1, ?, ?
       from generate_series(1, ?::int) n`,
    [JSON.stringify(texts), deadline(9), organizer.id, count],
  );
}
