const HEADER_BYTES = 20;
/** Postgres' number (OID) of the type `text`. */
const TEXT_OID = 25;
const NULL_LENGTH = -1;

/**
 * Texts as a parameter of the type `text[]`, in Postgres' binary format. For long texts that costs both
 * sides a third of what JSON does: nothing is escaped, and nothing is looked for in them.
 */
export function textArray(texts: (string | null)[]): Buffer {
  const lengths = texts.map((text) => (text === null ? NULL_LENGTH : Buffer.byteLength(text)));
  const size = lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), HEADER_BYTES);
  const bytes = Buffer.allocUnsafe(size);
  // One dimension, whether there are nulls, the type, how many, and the number of the first.
  let at = 0;
  for (const number of [1, Number(texts.includes(null)), TEXT_OID, texts.length, 1]) {
    at = bytes.writeInt32BE(number, at);
  }
  for (const [index, text] of texts.entries()) {
    at = bytes.writeInt32BE(lengths[index] ?? NULL_LENGTH, at);
    if (text !== null) at += bytes.write(text, at);
  }
  return bytes;
}
