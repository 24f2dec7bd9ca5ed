import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { drawCover } from "./cover";

// The same ids in every run: two of many may look alike by chance.
const idOf = (count: number) =>
  hash("md5", String(count)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
const covers = Array.from({ length: 2_000 }, (_, count) => drawCover(idOf(count)));

describe("a cover", () => {
  test("is drawn from the id alone: always the same, and another for another id", () => {
    const id = "0c6f2a52-1f0e-4c8e-9d43-6f1f8a0f9d11";
    expect(drawCover(id)).toBe(drawCover(id));
    expect(new Set(covers).size).toBeGreaterThan(covers.length - 5);
  });

  test("is a picture of less than 1 kB that loads and runs nothing", () => {
    for (const cover of covers) {
      expect(Buffer.byteLength(cover)).toBeLessThan(1_000);
      expect(cover).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 400 225"/);
      expect(cover).not.toMatch(/NaN|undefined|<script|href|style|\.\d{3}/);
    }
  });

  test("shares palette and motif with few others, so that neighbours differ", () => {
    const kindOf = (cover: string) => {
      const ground = /stop-color="(#\w+)"/.exec(cover)?.[1];
      return `${ground} ${cover
        .split("</linearGradient>")[1]
        ?.replace(/#\w+|[-\d.]+/g, "")
        .slice(0, 90)}`;
    };
    const counts = new Map<string, number>();
    for (const kind of covers.map(kindOf)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect(new Set(covers.map((cover) => kindOf(cover).slice(0, 7))).size).toBe(8);
    expect(counts.size).toBeGreaterThanOrEqual(60);
    expect(Math.max(...counts.values())).toBeLessThan(covers.length / 20);
  });
});
