import { describe, expect, test } from "vitest";
import {
  breakUpNames,
  hasHiddenCharacters,
  hasLink,
  hasPiledAccents,
  plainWords,
  withoutHidden,
} from "./words";

const GOOD = [
  "Ada Lovelace",
  "Ðorđe O’Neill-李",
  "St. John",
  "St.John",
  "J.R.R. Tolkien",
  "Dr.No",
  "M.Sc. Y.Li",
  "Sinéad O'Connor",
  "Zoe\u0308 A\u030Angstro\u0308m",
  "יוסי כהן",
  "أحمد الشريف",
  "علی\u200Cرضا",
  "می\u200Cخواهم",
  "ශ්\u200Dරී",
  "അവന്\u200D",
  "क्\u200Dष",
  "র\u200D্যাব",
  "葛\u{E0100}城",
  "東京。大阪",
  "Node.js Workshop",
  "Node.js/React",
  "ASP.NET",
  "ASP.NET, Vue.js & C#/.NET?",
  "Is it Socket.IO?!",
  "Hack.Code.Win",
  "Catan 1.2.3.4: v2.0",
  "Version 3.14",
  "U.S.A. e.g. i.e. z.B. d.h.",
  "Robots & <Rust>",
  "JavaScript: the good parts",
  "24:00 Le Mans",
  "AC/DC, and/or 5€/h @noon",
  "Open-Air Chess (50%)",
  "👩🏽\u200D🔬 ❤️\u200D🔥 🏳️\u200D🌈 1️⃣ ☝🏽 ☎︎ 🇩🇪",
  "Nguyễn Phước Thị",
  "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
  "Fußball\u00A0EM",
];

const LINKS = [
  "Win at https://evil.example/pay",
  "HTTPS://EVIL.EXAMPLE",
  "ftp://x",
  "myapp://pay",
  "evil.example/pay",
  "EVIL.COM/PAY",
  "evil.com",
  "(evil.com)",
  "evil.com.",
  "evil.com:8080",
  "evil.com?x=1",
  "Visit www.evil today",
  "www.evil.example",
  "пример.рф",
  "例え.中国",
  "xn--e1afmkfd.xn--p1ai",
  "evil。com",
  "ｅｖｉｌ．ｃｏｍ",
  "http：//evil.com",
  "1.2.3.4/pay",
  "127.0.0.1:80",
  "a.b.c.d.evil.co.uk",
  "me@Evil.Com",
  "a@b.example",
  "mailto:me",
  "tel:+490001",
];

const HIDDEN: [what: string, line: string][] = [
  ["NUL", "a\0b"],
  ["a line feed", "a\nBcc: all"],
  ["a carriage return", "a\rb"],
  ["a tab", "a\tb"],
  ["NEL", "a\u0085b"],
  ["a line separator", "a\u2028b"],
  ["a paragraph separator", "a\u2029b"],
  ...[..."\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"].map(
    (bidi): [string, string] => ["a direction control", `a${bidi}b`],
  ),
  ["a zero width space", "a\u200Bb"],
  ["a word joiner", "a\u2060b"],
  ["a joiner between Latin letters", "pay\u200Dpal"],
  ["a non-joiner between Latin letters", "pay\u200Cpal"],
  ["two joiners", "علی\u200C\u200Cرضا"],
  ["a joiner before anything", "\u200Cعلی"],
  ["a byte order mark", "a\uFEFFb"],
  ["a soft hyphen", "pay\u00ADpal"],
  ["a Hangul filler", "a\u3164b"],
  ["a half width Hangul filler", "a\uFFA0b"],
  ["a blank Braille pattern", "\u2800"],
  ["tags", "a\u{E0068}\u{E0069}\u{E007F}"],
  ["tags behind a flag that is none", "🏴\u{E0068}\u{E0069}\u{E007F}"],
  ["a variation selector at a letter", "a\uFE0F"],
  ["a chain of variation selectors", "葛\u{E0100}\u{E0101}"],
  ["a message in variation selectors", "😀\u{E0148}\u{E0149}"],
  ["an invisible sign", "a\u2063b"],
  ["half a surrogate pair", "a\uD800"],
  ["an annotation", "a\uFFF9b"],
  ["a grapheme joiner", "a\u034Fb"],
  ["a noncharacter", "a\uFFFFb"],
];

describe("a line that people read", () => {
  test.each(GOOD)("may be %s, and stands in mail as it is", (line) => {
    const [hidden, link] = [hasHiddenCharacters(line), hasLink(line)];
    expect({ hidden, link, piled: hasPiledAccents(line) }).toEqual({
      hidden: false,
      link: false,
      piled: false,
    });
    expect(plainWords(line)).toBe(line);
  });

  test.each(LINKS)("may not be %s, and mail leaves it out", (line) => {
    expect(hasLink(line)).toBe(true);
    const plain = plainWords(line);
    expect(plain).toContain("[…]");
    expect(plain).not.toMatch(/evil|:\/\/|@|1\.2|127|\.рф|中国|xn--|x\b/i);
    expect(hasLink(plain)).toBe(false);
    expect(plain.length).toBeLessThanOrEqual(line.length);
  });

  test.each(HIDDEN)("has no %s, and mail leaves it out", (_what, line) => {
    expect(hasHiddenCharacters(line)).toBe(true);
    expect(hasHiddenCharacters(plainWords(line))).toBe(false);
  });

  test("piles no accents on a letter, neither on nor around it", () => {
    expect(hasPiledAccents(`Z${"\u0301\u0336\u20DD".repeat(3)}algo`)).toBe(true);
    // A Sanskrit syllable in Tibetan, and a Hebrew letter with vowel, dot and accents.
    expect(hasPiledAccents("ཧྐྵྨླྺྼྻྂ བོད")).toBe(false);
    expect(hasPiledAccents("שּׁ֭֗ןָ")).toBe(false);
  });

  test("is looked for without what cannot be seen", () => {
    expect(withoutHidden("\u200bcafe\u00ad\u2028bar\ufeff")).toBe("cafe bar");
    expect(withoutHidden("👩🏽\u200D🔬")).toBe("👩🏽\u200D🔬");
  });

  test("hides no link behind characters that mail leaves out", () => {
    expect(plainWords("evil\u200B.com/p\u00ADay")).toBe("[…]");
    expect(plainWords("http:\u2060//evil\n.com")).toBe("[…] .com");
  });

  test("is judged in linear time", () => {
    const startedAt = performance.now();
    for (const piece of ["a", "a.", "a@", "\u200D"]) {
      const long = piece.repeat(64 * 1024);
      hasLink(long);
      hasHiddenCharacters(long);
    }
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

describe("in the body of a mail", () => {
  test("no program turns a name with a dot into a link", () => {
    expect(breakUpNames("ASP.NET, Node.js. And more.")).toBe("ASP\u200C.NET, Node.js. And more.");
  });

  test("a browser that is given all of it opens nothing", () => {
    for (const name of ["ASP.NET", "Hack.Code.Win", "Dr.No"]) {
      expect(URL.canParse(`https://${name}/`)).toBe(true);
      expect(URL.canParse(`https://${breakUpNames(name)}/`)).toBe(false);
    }
  });
});
