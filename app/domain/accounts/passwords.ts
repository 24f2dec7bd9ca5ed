import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Piscina } from "piscina";
import { DomainError } from "~/domain/error";
import { env } from "~/platform/env";
import { gauge } from "~/platform/metrics";
import { semaphore } from "~/platform/semaphore";
import { existing, forget, singleton } from "~/platform/singleton";
import { byteLength, PASSWORD_MAX_BYTES } from "./accounts.schema";

/** A hash that no known password fits, of the same cost: unknown addresses are compared with it. */
const NOBODYS_HASH = "$2b$10$nYQkYxdBAQ4MJ/n76fcKWOUaiJQlSMpkUpvdBrqeB5N4kvoEdss2q";

/** How many may wait for a hashing thread, and how many of one line: a class of 500, and more. */
const QUEUE = 4_096;
const QUEUE_PER_LINE = 1_024;

/** How long they wait, in milliseconds. People who sign up have typed more than people who log in. */
const LOG_IN_PATIENCE_MS = 2_000;
const SIGN_UP_PATIENCE_MS = 30_000;

/** Whose password is hashed, for taking turns. */
export interface Turn {
  /** Lines take turns: a long one delays nobody in another. */
  line: string;
  /** Fires when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
}

/**
 * Hashes a password for keeping.
 *
 * @throws DomainError `unavailable` when too many wait, or the caller is gone.
 */
export function hashPassword({
  password,
  turn,
}: {
  password: string;
  turn?: Turn | undefined;
}): Promise<string> {
  const task = { password: password.normalize("NFKC") };
  const hash = () => passwordThreads().run(task, { name: "hashPassword" });
  return inTurn(hash, { what: "sign-up", turn, patienceMs: SIGN_UP_PATIENCE_MS });
}

/**
 * Whether this is the user's password. Takes as long, and says no, when there is no user.
 *
 * @throws DomainError `unavailable` when it was not looked at: too many wait, or the caller is gone.
 */
export function isPassword({
  password,
  passwordHash,
  turn,
}: {
  password: string;
  passwordHash: string | undefined;
  turn?: Turn | undefined;
}): Promise<boolean> {
  // Hashes from before passwords were normalized are of what was typed.
  const spellings = new Set([password.normalize("NFKC"), password]);
  const compare = async () => {
    for (const spelling of spellings) if (await fits(spelling, passwordHash)) return true;
    return false;
  };
  const patienceMs = env().RATE_LIMITS === "off" ? SIGN_UP_PATIENCE_MS : LOG_IN_PATIENCE_MS;
  return inTurn(compare, { what: "log-in", turn, patienceMs });
}

/** Ends the hashing threads if any were started. */
export async function closePasswordThreads(): Promise<void> {
  const opened = existing<Piscina>("password-threads");
  forget("password-threads");
  await opened?.destroy();
}

async function fits(password: string, passwordHash: string | undefined): Promise<boolean> {
  const task = { password, passwordHash: passwordHash ?? NOBODYS_HASH };
  const matches: unknown = await passwordThreads().run(task, { name: "comparePassword" });
  // bcrypt would take a longer one for its first 72 bytes.
  const isTooLong = byteLength(password) > PASSWORD_MAX_BYTES;
  return matches === true && passwordHash !== undefined && !isTooLong;
}

/** A line for each kind of work: logging in does not wait for a whole class that signs up. */
async function inTurn<T>(
  work: () => Promise<T>,
  { what, turn, patienceMs }: { what: string; turn: Turn | undefined; patienceMs: number },
): Promise<T> {
  const line = `${what} ${turn?.line ?? ""}`;
  const result = await queue().within(work, { line, signal: turn?.signal, patienceMs });
  if (result !== "refused") return result;
  throw new DomainError("unavailable", "Too many people are signing in. Try again shortly.", {
    retryAfterSeconds: 5,
  });
}

const MOST_THREADS = Math.min(availableParallelism(), 8);

function queue() {
  return singleton("password-queue", () => {
    const places = semaphore({ most: MOST_THREADS, queue: QUEUE, queuePerLine: QUEUE_PER_LINE });
    gauge({
      name: "passwords_waiting",
      help: "Passwords that wait to be hashed",
      collect() {
        this.set(places.waiting());
      },
    });
    return places;
  });
}

/** The threads that hash: bcrypt would hold the event loop for 70 ms at a time. */
export function passwordThreads(): Piscina {
  return singleton("password-threads", () => {
    return new Piscina({
      filename: join(process.cwd(), "app/domain/accounts/password-worker.ts"),
      minThreads: 0,
      maxThreads: MOST_THREADS,
      idleTimeout: 30_000,
    });
  });
}
