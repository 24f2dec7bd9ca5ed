/** Licenses (SPDX) under which a package may be shipped with this one: all ask for a notice at most. */
const ALLOWED = new Set(
  "0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 Unlicense".split(
    " ",
  ),
);

/**
 * Whether a license, or an SPDX expression with one of them that may be chosen, is allowed. An
 * expression with inner parentheses or exceptions is not: somebody has to read it.
 */
export function isAllowed(expression: string): boolean {
  const choices = expression.replace(/^\((.*)\)$/, "$1").split(" OR ");
  return choices.every((choice) => !/[()]/.test(choice)) && choices.some(isAllowedWhole);
}

function isAllowedWhole(choice: string): boolean {
  return choice.split(" AND ").every((license) => ALLOWED.has(license));
}
