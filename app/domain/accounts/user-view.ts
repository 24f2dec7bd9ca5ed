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

/** Leaves out whatever nobody outside may see. */
export function toUserView({ id, email, name, role }: UserView): UserView {
  return { id, email, name, role };
}
