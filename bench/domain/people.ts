import { randomUUID } from "node:crypto";
import { database } from "~/platform/orm.server";

export interface Person {
  id: string;
  email: string;
  name: string;
  role: "PARTICIPANT" | "ORGANIZER";
}

/** Makes people, straight into the table; nobody can log in as them. */
export async function createPeople(
  count: number,
  role: Person["role"] = "PARTICIPANT",
): Promise<Person[]> {
  const people = Array.from({ length: count }, (): Person => {
    const id = randomUUID();
    return { id, email: `${id}@bench.example`, name: `Person ${id.slice(0, 8)}`, role };
  });
  await database().execute(
    `insert into "user" (id, email, name, role, password_hash)
     select id, email, name, role, 'none' from json_to_recordset(?::json)
       as p(id uuid, email text, name text, role text)`,
    [JSON.stringify(people)],
  );
  return people;
}
