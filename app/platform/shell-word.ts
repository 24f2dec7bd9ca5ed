/** Text that no shell changes, wherever it stands. */
const PLAIN = /^[\w@+:,./-]+$/;

/**
 * A text as one shell word, for commands that people copy: unchanged if a shell would not change it, else in
 * single quotes, where nothing has a special meaning (POSIX, Shell Command Language, 2.2.2).
 */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
