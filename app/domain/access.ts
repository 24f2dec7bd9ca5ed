import type { User } from "./accounts/tables";
import { DomainError } from "./error";

/** Who asks for something, as the database has them now: no cookie and no token says who may do what. */
export type Actor = Pick<User, "id" | "role">;

/** `not_found`: to anybody but its owner it does not exist. */
export type Verdict = "granted" | "forbidden" | "not_found";

/**
 * Whether an actor may do this to that. Pages and API ask here, by the domain's verbs.
 *
 * @param resource what it is done to; null when there is none
 */
export function judge({
  actor,
  action,
  resource,
}: {
  actor: Actor;
  action: OwnersAction;
  resource: { ownerId: string } | null | undefined;
}): Verdict {
  if (!isRoleFor({ actor, action })) return "forbidden";
  return resource?.ownerId === actor.id ? "granted" : "not_found";
}

/** Whether somebody of the actor's role may do this at all, whatever it is done to. */
export function isRoleFor({ actor, action }: { actor: Actor; action: Action }): boolean {
  const role = roleFor(action);
  return role === null || role === actor.role;
}

/**
 * Lets an actor go on.
 *
 * @throws DomainError `forbidden` when it is not for their role
 */
export function requireRoleFor({ actor, action }: { actor: Actor; action: Action }): void {
  if (!isRoleFor({ actor, action })) throw forbidden(action);
}

/** The role that an action is for, or null when it is for everybody who has an account. */
export function roleFor(action: Action): Actor["role"] | null {
  return RULES[action].role;
}

/** The refusal for an actor of another role. */
export function forbidden(action: Action): DomainError {
  const who = roleFor(action) === "ORGANIZER" ? "organizers" : "participants";
  return new DomainError("forbidden", `Only ${who} can do this.`);
}

/** Each action: the role that it is for, and whether it is done to something that has an owner. */
const RULES = {
  "read own account": { role: null },
  "verify own address": { role: null },
  "list own mail": { role: null },
  "read mail": { role: null, isOwners: true },
  register: { role: "PARTICIPANT" },
  "cancel own registration": { role: "PARTICIPANT" },
  "read own registration": { role: "PARTICIPANT" },
  "list own registrations": { role: "PARTICIPANT" },
  "share own calendar": { role: "PARTICIPANT" },
  "create competition": { role: "ORGANIZER" },
  "list own competitions": { role: "ORGANIZER" },
  "edit competition": { role: "ORGANIZER", isOwners: true },
  "delete competition": { role: "ORGANIZER", isOwners: true },
  "promote from line": { role: "ORGANIZER", isOwners: true },
  "read draft": { role: "ORGANIZER", isOwners: true },
  "publish competition": { role: "ORGANIZER", isOwners: true },
  "cancel competition": { role: "ORGANIZER", isOwners: true },
  "clone competition": { role: "ORGANIZER", isOwners: true },
  "read participants": { role: "ORGANIZER", isOwners: true },
} as const satisfies Record<string, { role: Actor["role"] | null; isOwners?: true }>;

export type Action = keyof typeof RULES;

/** An action on something that belongs to somebody: only its owner may do it. */
export type OwnersAction = {
  [Name in Action]: (typeof RULES)[Name] extends { isOwners: true } ? Name : never;
}[Action];
