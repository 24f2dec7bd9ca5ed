import { Refusal } from "../bootstrap/refusal.mjs";

/** The stages of `npm test`, in their order. */
export const STAGES = /** @type {const} */ ([
  "lint",
  "types",
  "unit",
  "integration",
  "e2e",
  "faults",
]);

/** @typedef {(typeof STAGES)[number]} Stage */

/**
 * What `npm test -- [stage] [file pattern]` asks for.
 * @param {string[]} args
 * @returns {{ stages: readonly Stage[], pattern: string | undefined }}
 */
export function parseTestArguments(args) {
  const [name, pattern, ...rest] = args;
  if (name === undefined) return { stages: STAGES, pattern: undefined };
  const stage = STAGES.find((candidate) => candidate === name);
  if (!stage || rest.length > 0 || name.startsWith("-")) {
    throw new Refusal(`usage: npm test -- [${STAGES.join("|")}] [file pattern]`);
  }
  return { stages: [stage], pattern };
}
