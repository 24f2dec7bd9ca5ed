import { compare, hash } from "bcryptjs";

/** 2^10 rounds, about 70 ms. */
const COST = 10;

/** @param {{ password: string }} task */
export const hashPassword = ({ password }) => hash(password, COST);

/** @param {{ password: string, passwordHash: string }} task */
export const comparePassword = ({ password, passwordHash }) => compare(password, passwordHash);
