import { setPriority } from "node:os";
import { compare, hash } from "bcryptjs";

// On Linux this counts for the calling thread alone: hashing takes what the event loop leaves.
if (process.platform === "linux") setPriority(0, 10);

/** 2^10 rounds, about 70 ms. */
const COST = 10;

/** @param {{ password: string }} task */
export const hashPassword = ({ password }) => hash(password, COST);

/** @param {{ password: string, passwordHash: string }} task */
export const comparePassword = ({ password, passwordHash }) => compare(password, passwordHash);
