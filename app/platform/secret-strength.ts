/** Placeholders for secrets, which everybody knows. */
const PLACEHOLDERS = /development.?only|change.?me|changethis|replace.?me|your.?(own.?)?secret/i;
const SHORTEST = 32;
/**
 * Of 300,000 times 16 random bytes in hexadecimal, the lowest estimate was 44 and the middle one 92;
 * repeated words and walks over the keyboard stay below 36.
 */
const LEAST_BITS = 38;
/** Rows of keys, and other sequences that people type. */
const ROWS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** Why a secret could be guessed, or null: what follows "NAME: ". */
export function weaknessOf(secret: string): string | null {
  if (PLACEHOLDERS.test(secret)) return "is a placeholder that everybody knows";
  if (secret.length < SHORTEST) return `must have at least ${SHORTEST} characters`;
  if (bitsOf(secret) < LEAST_BITS) return "is too regular, and could be guessed";
  return null;
}

/**
 * A cautious estimate of how many bits it takes to guess a text: Shannon's entropy of its characters,
 * counted for those that neither repeat what stood before nor go along a row, or two rows in turn.
 */
function bitsOf(text: string): number {
  const characters = text.toLowerCase();
  const seen = new Set<string>();
  let surprises = 0;
  for (let end = 1; end <= characters.length; end++) {
    const [last, second, third, fourth] = [
      ...characters.slice(Math.max(0, end - 4), end),
    ].reverse();
    const lastThree = characters.slice(Math.max(0, end - 3), end);
    const isInTurn = areNeighbours(last, third) && areNeighbours(second, fourth);
    if (!seen.has(lastThree) && !areNeighbours(last, second) && !isInTurn) surprises++;
    seen.add(lastThree);
  }
  return surprises * entropyOf(text);
}

function areNeighbours(one: string | undefined, other: string | undefined): boolean {
  if (!one || !other) return false;
  return (
    one === other || ROWS.some((row) => row.includes(one + other) || row.includes(other + one))
  );
}

/** Bits a character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return shares.reduce((sum, share) => sum - share * Math.log2(share), 0);
}
