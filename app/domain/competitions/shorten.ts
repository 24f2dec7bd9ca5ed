/** How much of a description a list shows, in characters (code points, as Postgres counts them). */
const SHOWN = 300;

/** One character more: it tells whether there is more, and whether the cut would split a letter. */
export const READ = SHOWN + 1;

/** A pile of accents longer than this counts as abuse, and may be cut anywhere. Code units. */
const LONGEST_GRAPHEME = 60;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * The first 300 characters, or a few less where the cut would split what people see as one: a letter with
 * its accents, a family emoji, a flag.
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

/** Where this many code points end, in code units. */
function offsetOf(text: string, characters: number): number {
  let offset = 0;
  for (let n = 0; n < characters && offset < text.length; n++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}
