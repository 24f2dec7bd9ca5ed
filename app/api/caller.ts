import { findTokenUser, type UserView } from "~/domain/accounts/index.server";
import { type Refusal, refuse } from "./problem";

/** Who may call an endpoint. */
export type Access = "anyone" | "optional" | "any" | "participant" | "organizer";

/** A token of ours has about 250 characters. */
const LONGEST_TOKEN = 2_000;

/** Who calls, by their bearer token (RFC 6750): nobody without one, a refusal with a bad one. */
export async function findCaller(
  authorization: string | undefined,
): Promise<UserView | null | { refusal: Refusal }> {
  if (authorization === undefined) return null;
  const token = /^Bearer +([\w.-]+) *$/i.exec(authorization)?.[1];
  const user = token && token.length <= LONGEST_TOKEN ? await findTokenUser(token) : null;
  return user ?? { refusal: unauthorized('Bearer realm="api", error="invalid_token"') };
}

/** Lets in whom an endpoint is for. */
export function admit(
  user: UserView | null,
  access: "any" | "participant" | "organizer",
): { user: UserView } | { refusal: Refusal } {
  if (!user) return { refusal: unauthorized('Bearer realm="api"') };
  if (access === "participant" && user.role !== "PARTICIPANT") {
    return { refusal: refuse("forbidden", "Only participants can do this.") };
  }
  if (access === "organizer" && user.role !== "ORGANIZER") {
    return { refusal: refuse("forbidden", "Only organizers can do this.") };
  }
  return { user };
}

function unauthorized(challenge: string): Refusal {
  const detail = "Log in, and send the access token as Authorization: Bearer.";
  return { ...refuse("unauthorized", detail), headers: { "www-authenticate": challenge } };
}
