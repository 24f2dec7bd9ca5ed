import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "./shell-word";

const ODD = [
  "",
  "it's",
  'a "fine" folder',
  "$HOME",
  "`id`",
  "$(id)",
  "a\\b\\",
  "''",
  "a\nb",
  "*",
  "~",
  "!!",
  "a;b|c&d>e<f#g",
  "-n",
  "é ü 漢字",
];

test("a shell reads every word as it was", () => {
  const script = `printf '%s\\0' ${ODD.map(shellWord).join(" ")}`;
  for (const shell of ["sh", "bash"]) {
    const read = execFileSync(shell, ["-c", script], { encoding: "utf8" });
    expect(read).toBe(ODD.map((word) => `${word}\0`).join(""));
  }
});

test("what needs no quotes has none", () => {
  for (const word of ["/home/me/mini-compete/.data/postgres", "postgres://me@host:5432/db"]) {
    expect(shellWord(word)).toBe(word);
  }
});
