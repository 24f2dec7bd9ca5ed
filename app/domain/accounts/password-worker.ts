// Runs in threads of its own, as it stands: Node strips the types, in production too.
import { setPriority } from "node:os";
import { compare, hash } from "bcryptjs";

/** 2^10 rounds, about 70 ms. */
const COST = 10;

// Linux gives each thread a priority of its own: a rush of logins leaves the cores to requests that
// take a hundredth of the time. Elsewhere this would slow down the whole process.
if (process.platform === "linux") setPriority(10);

export function hashPassword({ password }: { password: string }): Promise<string> {
  return hash(password, COST);
}

export function comparePassword({
  password,
  passwordHash,
}: {
  password: string;
  passwordHash: string;
}): Promise<boolean> {
  return compare(password, passwordHash);
}
