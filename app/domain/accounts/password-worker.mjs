import { setPriority } from "node:os";
import { compare, hash } from "bcryptjs";

/** 2^10 rounds, about 70 ms. */
const COST = 10;

// Linux gives each thread a priority of its own: a rush of logins leaves the cores to requests that
// take a hundredth of the time. Elsewhere this would slow down the whole process.
if (process.platform === "linux") setPriority(10);

/** @param {{ password: string }} task */
export const hashPassword = ({ password }) => hash(password, COST);

/** @param {{ password: string, passwordHash: string }} task */
export const comparePassword = ({ password, passwordHash }) => compare(password, passwordHash);
