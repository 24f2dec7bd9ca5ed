import { type Role, setRole } from "~/domain/accounts/index.server";
import { type Answer, done, refused } from "../cli";

/** `ops user role`: makes somebody an organizer, or a participant again. */
export async function changeRole(_options: object, email: string, role: Role): Promise<Answer> {
  const result = await setRole({ email, role });
  if (result.status === "not_found") return refused("not_found", "Nobody has this address.");
  const { user } = result;
  return done({ status: "changed", user }, `${user.name} (${user.email}) is ${user.role} now.`);
}
