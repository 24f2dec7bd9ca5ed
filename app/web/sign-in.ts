import { logIn, type Role, signUp, type UserView } from "~/domain/accounts/index.server";
import { DomainError } from "~/domain/error";
import { forgiveLogIn, limit } from "./rate-limits";

/** How long to stay away when too many passwords wait to be hashed, in seconds. */
const BUSY_SECONDS = 5;

/** Why nobody is let in yet. */
export type TooMany = { status: "rate_limited" | "unavailable"; retryAfterSeconds: number };

/** Logs in within the rate limits, which count failures until they turn out right. */
export async function logInWithinLimits({
  email,
  password,
  address,
}: {
  email: string;
  password: string;
  address: string | undefined;
}): Promise<{ status: "ok"; user: UserView } | { status: "refused" } | TooMany> {
  const caller = { address, account: email };
  const limited = await limit("login", caller);
  if (limited.status === "rate_limited") return limited;
  const outcome = await logIn({ email, password });
  if (outcome.status === "unavailable")
    return { status: "unavailable", retryAfterSeconds: BUSY_SECONDS };
  if (outcome.status === "ok") await forgiveLogIn(caller);
  return outcome;
}

/** Signs up within the rate limits. */
export async function signUpWithinLimits({
  address,
  ...input
}: {
  name: string;
  email: string;
  password: string;
  role: Role;
  address: string | undefined;
}): Promise<{ status: "created"; user: UserView } | { status: "email_taken" } | TooMany> {
  const limited = await limit("signup", { address, account: input.email });
  if (limited.status === "rate_limited") return limited;
  try {
    return await signUp(input);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "unavailable") throw error;
    return { status: "unavailable", retryAfterSeconds: BUSY_SECONDS };
  }
}
