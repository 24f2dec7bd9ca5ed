import { inBatches } from "~/platform/batch";
import { isUuid } from "~/platform/ids";
import { database, executePrepared } from "~/platform/orm";
import type { User } from "./tables";

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

const FIND_USERS = 'select id, email, name, role from "user" where id = any(?::uuid[])';

/**
 * Finds a user by id, a UUID, or null. Calls that arrive while a query is running share the next one:
 * in a rush, a query each would leave less of Postgres for the registrations. None is answered by a
 * query that was sent before it came, so a role that was changed by then is the new one.
 */
export const findUser = inBatches<string, UserView | null>({
  most: IDS_AT_ONCE,
  inFlight: 1,
  async run(ids) {
    const users = await executePrepared<UserView>(database(), FIND_USERS, [`{${ids}}`]);
    const byId = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => byId.get(id) ?? null);
  },
});

/** The organizer with this id, as everybody may know them; null for anybody who is not an organizer. */
export async function findOrganizer(id: string): Promise<{ id: string; name: string } | null> {
  if (!isUuid(id)) return null;
  const user = await findUser(id);
  return user?.role === "ORGANIZER" ? { id: user.id, name: user.name } : null;
}
