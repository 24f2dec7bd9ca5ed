/** What a shell takes as it is, wherever it stands. */
const PLAIN = /^[\w@+:,./-]+$/;

/**
 * A text as one word of a shell, for what people copy: as it is where a shell changes nothing in it,
 * else in single quotes, in which nothing has a meaning (POSIX, Shell Command Language, 2.2.2).
 */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
