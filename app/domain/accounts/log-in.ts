import { DomainError } from "~/domain/error";
import { database } from "~/platform/orm";
import { isPassword } from "./passwords";
import { User } from "./tables";
import { toUserView, type UserView } from "./users";

/**
 * Finds the user with this email and password. An unknown address and a wrong password get the same
 * answer after the same work. `unavailable`: too many passwords wait to be hashed.
 */
export async function logIn({
  email,
  password,
}: {
  email: string;
  password: string;
}): Promise<{ status: "ok"; user: UserView } | { status: "refused" } | { status: "unavailable" }> {
  const user = await database().findOne(User, { email });
  try {
    const matches = await isPassword({ password, passwordHash: user?.passwordHash });
    return user && matches ? { status: "ok", user: toUserView(user) } : { status: "refused" };
  } catch (error) {
    if (error instanceof DomainError && error.code === "unavailable")
      return { status: "unavailable" };
    throw error;
  }
}
