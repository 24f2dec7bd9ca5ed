import { now } from "~/platform/clock";
import { database } from "~/platform/orm";
import { keptAs } from "./email-address";
import { User } from "./tables";
import { type Role, toUserView, type UserView } from "./users";

/** Gives a user another role, for every request that comes from now on. What they own stays as it is. */
export async function setRole({
  email,
  role,
}: {
  email: string;
  role: Role;
}): Promise<{ status: "changed"; user: UserView } | { status: "not_found" }> {
  const em = database();
  const user = await em.findOne(User, { email: keptAs(email) });
  if (!user) return { status: "not_found" };
  user.role = role;
  user.updatedAt = now();
  await em.flush();
  return { status: "changed", user: toUserView(user) };
}
