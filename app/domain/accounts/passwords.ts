import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Piscina } from "piscina";
import { DomainError } from "~/domain/error";
import { existing, forget, singleton } from "~/platform/singleton";
import { PASSWORD_MAX_BYTES } from "./accounts.schema";

/** A hash that no known password fits, of the same cost: unknown addresses are compared with it. */
const NOBODYS_HASH = "$2b$10$nYQkYxdBAQ4MJ/n76fcKWOUaiJQlSMpkUpvdBrqeB5N4kvoEdss2q";

/** How many may wait for a hashing thread: enough for a class of 500 that signs up at once. */
const QUEUE_PER_THREAD = 512;

/**
 * Hashes a password for keeping.
 *
 * @throws DomainError `unavailable` when too many wait already.
 */
export function hashPassword(password: string): Promise<string> {
  return inThread("hashPassword", { password });
}

/**
 * Whether this is the user's password. Takes as long, and says no, when there is no user.
 *
 * @throws DomainError `unavailable` when too many wait already.
 */
export async function isPassword({
  password,
  passwordHash,
}: {
  password: string;
  passwordHash: string | undefined;
}): Promise<boolean> {
  const matches = await inThread("comparePassword", {
    password,
    passwordHash: passwordHash ?? NOBODYS_HASH,
  });
  // bcrypt would take a longer one for its first 72 bytes.
  const isTooLong = Buffer.byteLength(password) > PASSWORD_MAX_BYTES;
  return matches === true && passwordHash !== undefined && !isTooLong;
}

/** Ends the hashing threads if any were started. */
export async function closePasswordThreads(): Promise<void> {
  const opened = existing<Piscina>("password-threads");
  forget("password-threads");
  await opened?.destroy();
}

async function inThread<T>(name: "hashPassword" | "comparePassword", task: object): Promise<T> {
  try {
    return await passwordThreads().run(task, { name });
  } catch (error) {
    if (error instanceof Error && error.message === "Task queue is at limit") {
      throw new DomainError("unavailable", "Too many people are signing in. Try again shortly.", {
        retryAfterSeconds: 5,
      });
    }
    throw error;
  }
}

/** The threads that hash: bcrypt would hold the event loop for 70 ms at a time. */
export function passwordThreads(): Piscina {
  return singleton("password-threads", () => {
    const maxThreads = Math.min(availableParallelism(), 8);
    return new Piscina({
      filename: join(process.cwd(), "app/domain/accounts/password-worker.ts"),
      minThreads: 0,
      maxThreads,
      maxQueue: maxThreads * QUEUE_PER_THREAD,
      idleTimeout: 30_000,
    });
  });
}
