import { randomUUID } from "node:crypto";
import bcrypt from "bcryptjs";
import { Pool } from "pg";
import type { Person } from "./api";

// Of the site that the tests have started; of another they have no database.
const connectionString = process.env.SITE_DATABASE_URL;
const pool = connectionString && new Pool({ connectionString, max: 2, allowExitOnIdle: true });
const hashes = new Map<string, string>();

/**
 * Writes an account into the site's table as signing up does, with the cheapest hash that bcrypt has: to
 * sign up and log in costs the server 140 ms otherwise, and the tests do it five hundred times.
 *
 * @returns false where the tests have no access to the table
 */
export async function writeAccount({
  email,
  name,
  role,
  password,
}: Pick<Person, "email" | "name" | "role"> & { password: string }): Promise<boolean> {
  if (!pool) return false;
  const hash = hashes.get(password) ?? bcrypt.hashSync(password, 4);
  hashes.set(password, hash);
  await pool.query(
    `insert into "user" (id, email, name, role, password_hash, verified_at)
     values ($1, $2, $3, $4, $5, null)`,
    [randomUUID(), email, name, role, hash],
  );
  return true;
}
