/** Licenses (SPDX) under which a package may be shipped with this one: all ask for a notice at most. */
const ALLOWED = new Set(
  "0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 Python-2.0 Unlicense".split(
    " ",
  ),
);

/** Packages, by name and version, whose own license somebody has read: they may be shipped as they are. */
const READ = new Set([
  // MPL-2.0 is about changes of its own files, and we make none.
  "@resvg/resvg-wasm@2.6.2",
  // Bitstream Vera: may be copied, embedded and sold with other software; a changed font needs another name.
  "dejavu-fonts-ttf@2.37.3",
]);

/**
 * Whether a license, or an SPDX expression with one of them that may be chosen, is allowed. An
 * expression with inner parentheses or exceptions is not: somebody has to read it.
 *
 * @param shipped the package, `name@version`, that is under it
 */
export function isAllowed(expression: string, shipped?: string): boolean {
  if (shipped && READ.has(shipped)) return true;
  const choices = expression.replace(/^\((.*)\)$/, "$1").split(" OR ");
  return choices.every((choice) => !/[()]/.test(choice)) && choices.some(isAllowedWhole);
}

function isAllowedWhole(choice: string): boolean {
  return choice.split(" AND ").every((license) => ALLOWED.has(license));
}
