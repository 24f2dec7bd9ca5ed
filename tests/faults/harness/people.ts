import { randomUUID } from "node:crypto";
import { issueAccessToken } from "~/domain/accounts/index.server";
import { type Caller, type Contest, deadline } from "./contest";
import type { Observer } from "./observer";

/** Makes people who can call the API, without the time that a password costs. */
export async function makeCallers(
  observer: Observer,
  { count, role }: { count: number; role: "PARTICIPANT" | "ORGANIZER" },
): Promise<Caller[]> {
  const people = Array.from({ length: count }, () => ({ id: randomUUID(), role }));
  await observer.rows(
    `insert into "user" (id, email, name, role, password_hash)
     select id, id || '@example.com', 'Person', role, 'x'
       from json_to_recordset(?::json) as p(id uuid, role text)
     on conflict do nothing`,
    [JSON.stringify(people)],
  );
  return Promise.all(
    people.map(async ({ id }) => ({ id, token: (await issueAccessToken({ id })).accessToken })),
  );
}

/** Writes competitions with their seats, straight into the tables: that is not what is tested. */
export async function writeContests(
  observer: Observer,
  contests: { contest: Contest; capacity: number; waitlistLimit: number }[],
): Promise<void> {
  const rows = contests.map(({ contest: { id, title, organizer }, capacity, waitlistLimit }) => ({
    ...{ id, title, capacity, line: waitlistLimit, owner: organizer.id },
    ...{ closes: deadline(2), starts: deadline(9) },
  }));
  await observer.rows(
    `with given as (
       select * from json_to_recordset(?::json) as c(id uuid, title text, capacity int, line int, owner uuid,
         closes timestamptz, starts timestamptz)
     ), made as (
       insert into competition (id, title, description, tags, capacity, waitlist_limit, reg_deadline,
         start_date, created_by_id)
       select id, title, 'Under test', '{test}', capacity, line, closes, starts, owner from given
     )
     insert into seat (competition_id, seat_no)
     select id, generate_series(1, capacity) from given`,
    [JSON.stringify(rows)],
  );
}
