import { randomUUID } from "node:crypto";
import { type Role, signUp, type UserView } from "~/domain/accounts/index.server";

/** Signs somebody up. */
export async function newUser({
  password = "password123",
  role = "PARTICIPANT",
}: {
  password?: string;
  role?: Role;
} = {}): Promise<UserView> {
  const email = `${randomUUID()}@example.com`;
  const outcome = await signUp({ name: "Somebody", email, password, role });
  if (outcome.status !== "created") throw new Error(outcome.status);
  return outcome.user;
}
