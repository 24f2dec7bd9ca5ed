/**
 * The first letters of a name's first and last word: "AJ" of "Alice Johnson", "é" of "élodie" in
 * capitals. Words without a letter or a digit count where there is nothing else.
 */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.map((word) => /[\p{L}\p{N}]\p{M}*/u.exec(word)?.[0]).filter(Boolean);
  const [first, last] = [letters[0] ?? [...(words[0] ?? "")][0], letters.at(-1)];
  return `${first ?? ""}${letters.length > 1 ? last : ""}`.toUpperCase();
}
