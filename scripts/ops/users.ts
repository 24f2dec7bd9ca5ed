import { type Role, setRole } from "~/domain/accounts/index.server";
import { done, type Outcome, refused } from "../outcome";

/** `ops user role EMAIL ROLE`: makes somebody an organizer, or a participant again. */
export async function changeRole({
  json,
  email,
  role,
}: {
  json: boolean;
  email: string;
  role: Role;
}): Promise<Outcome> {
  const result = await setRole({ email, role });
  if (result.status === "not_found") {
    return refused({ json, status: "not_found", text: "Nobody has this address." });
  }
  const { user } = result;
  const data = { status: "changed", user };
  return done({ json, data, text: `${user.name} (${user.email}) is ${user.role} now.` });
}
