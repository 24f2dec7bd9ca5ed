import { database } from "~/platform/orm";
import { isPassword, type Turn } from "./passwords";
import { User } from "./tables";
import { toUserView, type UserView } from "./users";

/**
 * Finds the user with this email and password. An unknown address and a wrong password get the same
 * answer after the same work; whose account it was is for the log.
 *
 * @throws DomainError `unavailable` when the password was not looked at: too many wait, or the
 *   caller is gone.
 */
export async function logIn({
  email,
  password,
  turn,
}: {
  email: string;
  password: string;
  turn?: Turn;
}): Promise<{ status: "ok"; user: UserView } | { status: "refused"; userId?: string | undefined }> {
  const user = await database().findOne(User, { email });
  const matches = await isPassword({ password, passwordHash: user?.passwordHash, turn });
  return user && matches
    ? { status: "ok", user: toUserView(user) }
    : { status: "refused", userId: user?.id };
}
