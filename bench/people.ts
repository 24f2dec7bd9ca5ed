import { randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Pool } from "pg";
import type { Person } from "../tests/support/fixtures.ts";
import { SETTINGS } from "./servers.ts";

/** A person with a token for the API. */
export interface Caller {
  user: Person;
  token: string;
}

/** Inserts people straight into the table; their password hash matches no password. */
export async function invitePeople(
  pool: Pool,
  count: number,
  role: Person["role"] = "PARTICIPANT",
): Promise<Person[]> {
  const people = Array.from({ length: count }, (): Person => {
    const id = randomUUID();
    return { id, email: `${id}@bench.example`, name: `Person ${id.slice(0, 8)}`, role };
  });
  await pool.query(
    `insert into "user" (id, email, name, role, password_hash)
     select id, email, name, role, 'none' from json_populate_recordset(null::"user", $1)`,
    [JSON.stringify(people)],
  );
  return people;
}

/** Gives people tokens as the API issues them. */
export async function giveTokens(people: readonly Person[]): Promise<Caller[]> {
  const secret = new TextEncoder().encode(SETTINGS.JWT_SECRET);
  return Promise.all(
    people.map(async (user) => {
      const token = new SignJWT()
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setSubject(user.id)
        .setIssuer("mini-compete")
        .setAudience("mini-compete-api")
        .setIssuedAt()
        .setExpirationTime("2h");
      return { user, token: await token.sign(secret) };
    }),
  );
}
