import { constants, crc32, deflateRawSync } from "node:zlib";
import { OwnError } from "~/platform/own-error";

/** The visitor's own texts by name, such as `userName` or `nonce`. */
export type Values = Record<string, string>;

/** A page with gaps. */
export interface PageTemplate {
  /** The page for these values, as it is or packed by gzip. */
  fill: (values: Values, encoding: "identity" | "gzip") => Buffer;
}

interface Gap {
  name: string;
  /** In a script the value stands in a string of JSON within a string of JSON: see `inScript`. */
  isInScript: boolean;
}

/**
 * Cuts a page where the marks stand, so that each visitor's own values can be put there.
 *
 * @param marks the text that stands for each value in the page. Nothing else may contain a mark, so marks
 *   are random; letters, digits and dashes
 */
export function cutPage(html: string, marks: Values): PageTemplate {
  const names = new Map(Object.entries(marks).map(([name, mark]) => [mark, name]));
  const pattern = new RegExp([...names.keys()].join("|"), "g");
  const texts: Buffer[] = [];
  const gaps: Gap[] = [];
  let done = 0;
  for (const { 0: mark, index } of html.matchAll(pattern)) {
    texts.push(Buffer.from(html.slice(done, index)));
    gaps.push({ name: names.get(mark) ?? "", isInScript: isInScript(html, index) });
    done = index + mark.length;
  }
  texts.push(Buffer.from(html.slice(done)));

  let packed: Buffer[] | undefined;
  return {
    fill(values, encoding) {
      const words = gaps.map(({ name, isInScript: isJson }) => {
        const value = values[name];
        if (value === undefined) throw new OwnError(`no value for ${name}`);
        return Buffer.from(isJson ? inScript(value) : inHtml(value));
      });
      if (encoding === "identity") return Buffer.concat(interleave(texts, words));
      packed ??= texts.map(pack);
      return gzipOf(interleave(texts, words), interleave(packed, words.map(asItIs)));
    },
  };
}

function interleave(texts: Buffer[], words: Buffer[]): Buffer[] {
  return texts.flatMap((text, index) => {
    const word = words[index];
    return word ? [text, word] : [text];
  });
}

/** Whether a position is inside a script, and not in its tag. */
function isInScript(html: string, index: number): boolean {
  const start = html.lastIndexOf("<script", index);
  return start > html.lastIndexOf("</script", index) && html.slice(start, index).includes(">");
}

/** As React writes texts and attributes. */
function inHtml(value: string): string {
  return value.replace(/[&<>"']/g, (sign) => HTML[sign] ?? sign);
}

const HTML: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
};

/** As Remix hands data to its scripts: JSON, as a string of JSON, that cannot end the script. */
function inScript(value: string): string {
  const json = JSON.stringify(value).slice(1, -1);
  return JSON.stringify(json)
    .slice(1, -1)
    .replace(
      /[&<>\u2028\u2029]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/**
 * A gzip file made of pieces that are packed already: packing a page anew for each visitor would cost more
 * than everything else. Each piece consists of whole DEFLATE blocks (RFC 1951) that end at a byte.
 */
function gzipOf(plain: Buffer[], packed: Buffer[]): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(plain.reduce((sum, piece) => crc32(piece, sum), 0));
  trailer.writeUInt32LE(
    plain.reduce((length, piece) => length + piece.length, 0),
    4,
  );
  return Buffer.concat([GZIP_HEADER, ...packed, LAST_BLOCK, trailer]);
}

const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** Ends the data: a last block with nothing in it. */
const LAST_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff]);

function pack(text: Buffer): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH });
}

/** A short text as a block of its own, unpacked. */
function asItIs(text: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt16LE(text.length, 1);
  header.writeUInt16LE(~text.length & 0xffff, 3);
  return Buffer.concat([header, text]);
}
