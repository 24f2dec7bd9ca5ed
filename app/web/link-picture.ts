import { drawCover } from "./cover";
import { isDrawn } from "./font-letters";

/** What previews of links show at most, in pixels. */
export const PICTURE = { width: 1200, height: 630 } as const;

/** Part of each picture's look: raised when pictures are drawn in another way. */
export const DRAWING = 2;

const MARGIN = 80;
const ROOM = PICTURE.width - 2 * MARGIN;
const MOST_LINES = 3;
/** From large to small, in pixels: the first in which the title takes few lines. */
const SIZES = [92, 76, 60];

/** The picture for previews of links to a competition, as SVG: its cover, its title, our name. */
export function drawLinkPicture({ id, title }: { id: string; title: string }): string {
  const { width, height } = PICTURE;
  const cover = drawCover(id).replace("<svg ", `<svg width="${width}" height="${height}" `);
  const { lines, size } = arrange(drawable(title));
  const bottom = height - 140;
  const rows = lines.map((line, index) => {
    const y = bottom - (lines.length - 1 - index) * size * 1.18;
    const place = isRightToLeft(line) ? `x="${width - MARGIN}" text-anchor="end"` : `x="${MARGIN}"`;
    return `<text ${place} y="${Math.round(y)}" font-size="${size}">${inXml(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${cover}
<linearGradient id="shade" x2="0" y2="1"><stop offset=".15" stop-opacity="0"/><stop offset=".75" stop-opacity=".82"/></linearGradient>
<path fill="url(#shade)" d="M0 0h${width}v${height}H0z"/>
<g fill="#fff" font-family="DejaVu Sans" font-weight="700">${rows.join("")}
<g transform="translate(${MARGIN} ${height - 90})"><rect y="18" width="9" height="18" rx="3" opacity=".6"/><rect x="13" width="9" height="36" rx="3"/><rect x="26" y="10" width="9" height="26" rx="3" opacity=".8"/><text x="50" y="30" font-size="30">Mini Compete</text></g></g></svg>`;
}

/** A title without the signs that the font has not; nothing where letters of it would be missing. */
function drawable(title: string): string {
  const plain = [...title.replace(PICTOGRAPHS, "")].map((one) =>
    isDrawn(one) ? one : plainer(one),
  );
  const words = plain.join("").replace(/\s+/g, " ").trim();
  return WRITTEN.test(words) && ![...words].some(isMissing) ? words : "";
}

/** Wide and ornate letters in their plain form ("ｗ", "𝕎"); other signs that the font has not are left out. */
function plainer(character: string): string {
  const plain = character.normalize("NFKC");
  return [...plain].every(isDrawn) || LETTER.test(plain) ? plain : "";
}

function isMissing(character: string): boolean {
  return LETTER.test(character) && !isDrawn(character);
}

const LETTER = /[\p{L}\p{N}]/u;
const PICTOGRAPHS =
  /[\u{1F000}-\u{1FAFF}\u{E0000}-\u{E007F}\p{Cc}\p{Cn}\p{Co}\p{Cs}]|\p{Emoji_Presentation}|\uFE0F|\u200D|\u20E3/gu;
/** The scripts of DejaVu Sans that need no font of their own. */
const WRITTEN =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Common}\p{Script=Inherited}]+$/u;

function isRightToLeft(line: string): boolean {
  return /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(line);
}

/** The title in lines, as large as they fit. */
function arrange(title: string): { lines: string[]; size: number } {
  for (const size of SIZES) {
    const lines = wrap(title, ROOM / size);
    if (lines.length <= (size === SIZES[0] ? 2 : MOST_LINES)) return { lines, size };
  }
  const size = SIZES.at(-1) ?? 0;
  const lines = wrap(title, ROOM / size - 1).slice(0, MOST_LINES);
  return { lines: lines.map((line, n) => (n === MOST_LINES - 1 ? `${line}…` : line)), size };
}

/** @param room how wide a line may be, in ems */
function wrap(title: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of title.split(" ").flatMap((each) => pieces(each, room))) {
    const longer = line ? `${line} ${word}` : word;
    if (line && widthOf(longer) > room) lines.push(line);
    line = line && widthOf(longer) > room ? word : longer;
  }
  return line ? [...lines, line] : lines;
}

/** A word in pieces of which each has room. */
function pieces(word: string, room: number): string[] {
  const found = [""];
  for (const letter of word) {
    const longer = `${found.at(-1)}${letter}`;
    if (widthOf(longer) > room) found.push(letter);
    else found[found.length - 1] = longer;
  }
  return found;
}

/** In ems; rather too much than too little: letters have three widths here. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    width += /[\p{Mn}]/u.test(letter)
      ? 0
      : /[ iljtfrI.,:;'|!()[\]-]/.test(letter)
        ? 0.48
        : /[mwMWQ@%&—…шщжюыфмШЩЖЮЫФМОДЦ]/.test(letter)
          ? 1.12
          : 0.8;
  }
  return width;
}

function inXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
