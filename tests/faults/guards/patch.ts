/** One change of the source: `find` stands in the file exactly once and becomes `replace`. */
export interface Patch {
  /** From the project's folder: TypeScript or Lua under `app/` or `worker/`. */
  file: string;
  find: string;
  replace: string;
}

/**
 * The file's text with the patch applied.
 *
 * @throws when `find` does not stand in it exactly once: the source has moved on, and a build with
 *   the guard still in place would prove nothing
 */
export function applyPatch(text: string, { file, find, replace }: Patch): string {
  const matches = find === "" ? 0 : text.split(find).length - 1;
  if (matches !== 1) throw new Error(`${file}: a patch matches ${matches} times:\n${find}`);
  return text.replace(find, () => replace);
}
