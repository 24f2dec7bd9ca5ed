import { randomUUID } from "node:crypto";
import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { verifiesEmail } from "~/platform/env";
import { inTransaction } from "~/platform/orm";
import { hashPassword, type Turn } from "./passwords";
import { User } from "./tables";
import { type Role, toUserView, type UserView } from "./users";
import { orderVerification } from "./verification-mail";

/**
 * Makes an account, and orders the mail that asks whose address it is. `input` has passed
 * `signUpSchema`.
 *
 * @throws DomainError `unavailable` when too many passwords wait to be hashed, or the caller is gone.
 */
export async function signUp(input: {
  name: string;
  email: string;
  password: string;
  role: Role;
  turn?: Turn;
}): Promise<{ status: "created"; user: UserView } | { status: "email_taken" }> {
  const { name, email, password, role, turn } = input;
  const user = { id: randomUUID(), name, email, role };
  const passwordHash = await hashPassword({ password, turn });
  try {
    await inTransaction(async (em) => {
      await em.insert(User, { ...user, passwordHash, verifiedAt: null });
      if (verifiesEmail()) await orderVerification(em, user.id);
    });
  } catch (error) {
    // The index decides: a look beforehand would let two sign-ups at the same moment through.
    if (error instanceof UniqueConstraintViolationException) return { status: "email_taken" };
    throw error;
  }
  return { status: "created", user: toUserView(user) };
}
