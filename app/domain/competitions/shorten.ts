/** How much of a description a list shows, in characters (code points, as Postgres counts them). */
const SHOWN = 300;

/** The same and one more: that one tells whether there is more, and whether it belongs to the last. */
export const READ = SHOWN + 1;

/** Beyond this a pile of accents counts as abuse, and may be cut anywhere. Code units. */
const LONGEST_GRAPHEME = 60;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * The first 300 characters. A few less where the cut would go through what people see as one: a
 * letter with its accents, a family, a flag.
 *
 * @param start the first `READ` characters of a text, or all of it
 */
export function shorten(start: string): { text: string; isShortened: boolean } {
  if (start.length <= SHOWN) return { text: start, isShortened: false };
  const end = offsetOf(start, SHOWN);
  if (end === start.length) return { text: start, isShortened: false };
  const { index = end } = graphemes.segment(start).containing(end) ?? {};
  const cut = end - index > LONGEST_GRAPHEME ? end : index;
  return { text: start.slice(0, cut), isShortened: true };
}

/** Where so many code points end, in code units. */
function offsetOf(text: string, characters: number): number {
  let offset = 0;
  for (let n = 0; n < characters && offset < text.length; n++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}
