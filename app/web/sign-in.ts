import { logIn, type Role, signUp, type UserView } from "~/domain/accounts/index.server";
import { DomainError } from "~/domain/error";
import { log } from "~/platform/log";
import { networkOf, siteOf } from "~/platform/network";
import { namedIn, type Origin } from "~/platform/origin";
import { forgive, limit, nameless, takeBack } from "./rate-limits";
import { holdUpStranger, noteStranger } from "./strangers";

/** How long to stay away when too many passwords wait to be hashed, in seconds. */
const BUSY_SECONDS = 5;

/** Why nobody is let in yet. */
export type TooMany = { status: "rate_limited" | "unavailable"; retryAfterSeconds: number };

/** Who asks to be let in. */
export interface Visitor {
  address: string | undefined;
  /** Fires when they do not wait for the answer any more. */
  signal: AbortSignal | undefined;
  origin?: Origin | undefined;
}

/**
 * Logs in within the rate limits. They count passwords that were looked at and wrong, by network and
 * account together; a `device` that the account knows has a limit of its own instead. Each is a line
 * in the log, with the account's id where there is one, and never its address.
 */
export async function logInWithinLimits({
  email,
  password,
  device,
  visitor: { address, signal, origin },
}: {
  email: string;
  password: string;
  device?: string | undefined;
  visitor: Visitor;
}): Promise<{ status: "ok"; user: UserView } | { status: "refused" } | TooMany> {
  const kind = device ? "device_login" : "login";
  const caller = { address, account: email, device };
  const limited = await limit(kind, caller);
  if (limited.status === "rate_limited") {
    log.warn({ ...namedIn(origin), reason: limited.status }, "log-in refused");
    return limited;
  }
  try {
    if (!device) await holdUpStranger(email, signal);
    const line = device ? `device at ${nameless(email)}` : lineOf(address);
    const outcome = await logIn({ email, password, turn: { line, signal } });
    if (outcome.status === "ok") {
      log.info({ ...namedIn(origin), userId: outcome.user.id }, "logged in");
      await forgive(kind, caller);
      return outcome;
    }
    const { userId } = outcome;
    log.warn({ ...namedIn(origin), userId, reason: "password" }, "log-in refused");
    if (!device) await noteStranger(email);
    return { status: "refused" };
  } catch (error) {
    await takeBack(kind, caller);
    return busyOrThrow(error);
  }
}

/** Signs up within the rate limits, which are about networks. */
export async function signUpWithinLimits({
  visitor: { address, signal },
  ...input
}: {
  name: string;
  email: string;
  password: string;
  role: Role;
  visitor: Visitor;
}): Promise<{ status: "created"; user: UserView } | { status: "email_taken" } | TooMany> {
  const caller = { address, account: input.email };
  const limited = await limit("signup", caller);
  if (limited.status === "rate_limited") return limited;
  try {
    return await signUp({ ...input, turn: { line: lineOf(address), signal } });
  } catch (error) {
    await takeBack("signup", caller);
    return busyOrThrow(error);
  }
}

/** Networks take turns, under IPv6 sites. A device that the account knows waits behind nobody of its network. */
function lineOf(address: string | undefined): string {
  return address === undefined ? "unknown" : (siteOf(address) ?? networkOf(address));
}

function busyOrThrow(error: unknown): TooMany {
  if (!(error instanceof DomainError) || error.code !== "unavailable") throw error;
  return { status: "unavailable", retryAfterSeconds: BUSY_SECONDS };
}
