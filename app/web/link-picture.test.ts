import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { drawLinkPicture } from "./link-picture";

/** The lines of a title as the picture has them. */
function linesOf(title: string): string[] {
  const svg = drawLinkPicture({ id: randomUUID(), title });
  return [...svg.matchAll(/<text [^>]*font-size="(?:60|76|92)">([^<]*)<\/text>/g)].map(
    ([, line = ""]) => line,
  );
}

test("a title stands in up to three lines, the larger the shorter it is", () => {
  expect(linesOf("Chess by night")).toEqual(["Chess by night"]);
  expect(linesOf("Seven rounds of rapid chess at the old harbour")).toHaveLength(3);
  const long = linesOf("A marathon of board games ".repeat(7));
  expect(long).toHaveLength(3);
  expect(long.at(-1)).toMatch(/…$/);
  expect(linesOf("W".repeat(200)).every((line) => line.length < 17)).toBe(true);
});

test("a title is text in the picture, whatever it says", () => {
  const title = `</text><script>alert(1)</script><image href="x"/> & "q" 'a'`;
  const svg = drawLinkPicture({ id: randomUUID(), title });
  expect(svg).not.toMatch(/<script|<image/);
  expect(linesOf("A & B")).toEqual(["A &#38; B"]);
});

test("text that runs from right to left begins at the right", () => {
  const svg = drawLinkPicture({ id: randomUUID(), title: "مسابقة الشطرنج" });
  expect(svg).toContain('x="1120" text-anchor="end"');
});

test("signs that the font lacks are left out, and so is a title whose letters it lacks", () => {
  expect(linesOf("Chess 🏆👩‍👩‍👧 night")).toEqual(["Chess night"]);
  expect(linesOf("チェス大会")).toEqual([]);
  expect(linesOf("🏆")).toEqual([]);
  expect(linesOf("⭐ Chess ✨ night ➕ 1️⃣")).toEqual(["Chess night 1"]);
  expect(linesOf("Ｃｈｅｓｓ 𝖓𝖎𝖌𝖍𝖙 ₽ ⤀ ☃")).toEqual(["Chess night ₽ ☃"]);
  expect(linesOf("Chess in ᲑᲐᲗᲣᲛᲘ")).toEqual([]);
});
