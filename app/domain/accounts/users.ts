import { inBatches } from "~/platform/batch";
import { database } from "~/platform/orm";
import { User } from "./tables";

/** What a user may do. */
export type Role = User["role"];

/** A user as pages and API see one: without the password's hash. */
export interface UserView {
  id: string;
  email: string;
  name: string;
  role: Role;
}

/** Leaves out what must not leave the domain. */
export function toUserView({ id, email, name, role }: UserView): UserView {
  return { id, email, name, role };
}

/** The most ids one query asks for. */
const IDS_AT_ONCE = 200;

/**
 * Finds a user by id, or null. Calls that arrive while a query is running share the next one: in a
 * rush of new people, a query each would leave less of Postgres for the registrations.
 */
export const findUser = inBatches<string, UserView | null>({
  most: IDS_AT_ONCE,
  inFlight: 1,
  async run(ids) {
    const users = await database().find(User, { id: { $in: [...new Set(ids)] } });
    const byId = new Map(users.map((user) => [user.id, toUserView(user)]));
    return ids.map((id) => byId.get(id) ?? null);
  },
});
