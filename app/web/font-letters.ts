import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { singleton } from "~/platform/singleton";

/** Whether the pictures' font has a character; otherwise it would be drawn as an empty box. */
export function isDrawn(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return lettersOfFont().has(code);
}

function lettersOfFont(): Set<number> {
  return singleton("font-letters", () => {
    const path = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf");
    return readLetters(readFileSync(path));
  });
}

/** All characters of a font: its table `cmap` in format 12 (OpenType), which lists them in ranges. */
function readLetters(font: Buffer): Set<number> {
  const letters = new Set<number>();
  for (const list of listsOf(font)) {
    if (font.readUInt16BE(list) !== 12) continue;
    const ranges = font.readUInt32BE(list + 12);
    for (let at = list + 16; at < list + 16 + 12 * ranges; at += 12) {
      const last = font.readUInt32BE(at + 4);
      for (let code = font.readUInt32BE(at); code <= last; code++) letters.add(code);
    }
  }
  return letters;
}

/** Where the lists of the table begin. */
function listsOf(font: Buffer): number[] {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, nth) => 12 + 16 * nth);
  const entry = tables.find((at) => font.toString("latin1", at, at + 4) === "cmap");
  if (entry === undefined) return [];
  const table = font.readUInt32BE(entry + 8);
  const many = font.readUInt16BE(table + 2);
  return Array.from({ length: many }, (_, nth) => table + font.readUInt32BE(table + 8 + 8 * nth));
}
