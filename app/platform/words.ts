import { parse } from "tldts";

/**
 * Whether a line that one person writes and others read has characters that only deceive: control
 * characters and line breaks, text direction controls, and invisible ones where no script needs them.
 */
export function hasHiddenCharacters(line: string): boolean {
  return [...line.matchAll(CHARACTERS)].some(({ groups }) => groups?.needed === undefined);
}

/** Whether nothing of a text can be seen: accents alone, or letters that are drawn as a gap. */
export function isBlank(text: string): boolean {
  const visible = text.replace(CHARACTERS, (_all, ...rest) => rest.at(-1).needed ?? "");
  return !/[\p{L}\p{N}\p{P}\p{S}]/u.test(visible);
}

/**
 * Whether a letter carries more accents than any script needs: piled up, they are drawn over the lines
 * above and below. Tibetan and Hebrew have up to seven.
 */
export function hasPiledAccents(text: string): boolean {
  return /[\p{Mn}\p{Me}]{9}/u.test(text);
}

/**
 * Whether a text may be normalized. To put accents into their order takes time in the square of how many
 * follow each other, seconds for a body's; no language has thirty (UAX #15, stream-safe text).
 */
export function mayBeNormalized(text: string): boolean {
  // The halfwidth sound marks of Japanese become accents.
  return !/[\p{M}\uFF9E\uFF9F]{31}/u.test(text);
}

/** The line without what `hasHiddenCharacters` looks for; a space where a line or a field ends. */
export function withoutHidden(line: string): string {
  return line.replace(CHARACTERS, (_all, ...rest) => {
    const { needed, gap }: Record<string, string | undefined> = rest.at(-1);
    return needed ?? (gap ? " " : "");
  });
}

/**
 * Whether a mail program would make a link of a part of the line, or a reader take it for one. Names
 * with a dot pass: "Node.js" and "St.John" are no addresses at all, and "ASP.NET" is not written as
 * one; `breakUpNames` keeps mail programs from making links of the latter.
 */
export function hasLink(line: string): boolean {
  const text = comparable(line);
  return SURE_LINK.test(text) || [...text.matchAll(DOTTED)].some(({ groups }) => isAddress(groups));
}

/**
 * The line as it may stand in a mail, whatever it was when it was stored: what `hasHiddenCharacters`
 * looks for is left out, and "[…]" stands for each link. Never longer than before.
 */
export function plainWords(line: string): string {
  const visible = withoutHidden(line);
  if (!hasLink(visible)) return visible;
  return comparable(visible)
    .replace(SURE_LINKS, "[…]")
    .replace(DOTTED, (all, ...rest) => (isAddress(rest.at(-1)) ? "[…]" : all))
    .slice(0, line.length);
}

/**
 * Plain words for the body of a mail: no program makes a link of names that end as addresses do. A
 * joiner before the dot cannot be seen, and unlike other invisible characters it is forbidden in
 * host names (RFC 5892), so that no browser drops it and opens what is left.
 */
export function breakUpNames(line: string): string {
  return line.replace(DOTTED, (all, ...rest) =>
    endsAsAddress(rest.at(-1)) ? all.replaceAll(".", "\u200C.") : all,
  );
}

/** As mail programs and browsers compare addresses: wide letters and other dots become plain ones. */
function comparable(line: string): string {
  return line.normalize("NFKC").replaceAll("。", ".");
}

/** The parts of a match of `DOTTED`. */
type Dotted = Record<string, string | undefined>;

/** Whether words with dots between them are an address: they end as one does, and are written as one. */
function isAddress(dotted: Dotted = {}): boolean {
  const { last = "", tail } = dotted;
  return endsAsAddress(dotted) && (tail !== undefined || !/^[\p{Lu}\d]/u.test(last));
}

function endsAsAddress({ host = "", last = "" }: Dotted): boolean {
  const { isIcann, isIp } = parse(host.toLowerCase(), { extractHostname: false });
  return isIcann === true || isIp === true || RESERVED.test(last);
}

/** Endings that are in no list of public ones, and lead somewhere in private networks or in tests. */
const RESERVED = /^(?:example|test|invalid|local|localhost|internal|onion|xn--.*)$/i;

const LABEL = "[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_-]{0,62}";

/** Words with dots between them, and the port or path behind. */
const DOTTED = new RegExp(
  `(?<host>${LABEL}(?:\\.${LABEL}){0,20}\\.(?<last>${LABEL}))(?<tail>:\\d\\S*|\\.?[/?#][\\p{L}\\p{N}]\\S*)?`,
  "gu",
);

/** A scheme, `www.`, or an email address. The limits keep the search short in whatever is sent. */
const SURE = [
  "[a-z][a-z0-9+.-]{0,30}:\\/\\/\\S*",
  "\\b(?:mailto|tel|sms|callto|sip|facetime):[^\\s,;]+",
  "\\bwww\\d?\\.\\S+",
  `[^\\s@<>()"]{1,64}@${LABEL}(?:\\.${LABEL}){1,20}\\S*`,
].join("|");
const SURE_LINK = new RegExp(SURE, "iu");
const SURE_LINKS = new RegExp(SURE, "giu");

/** Scripts in which a joiner between letters changes how they look: Persian, and the Indic ones. */
const JOINED = [
  ["Arab", "Syrc", "Mong", "Nkoo", "Adlm", "Rohg", "Deva", "Beng", "Guru", "Gujr", "Orya"],
  ["Taml", "Telu", "Knda", "Mlym", "Sinh", "Khmr", "Mymr", "Tibt", "Bali", "Java"],
].flatMap((scripts) => scripts.map((script) => `\\p{scx=${script}}`));
const PICTURE = "\\p{Extended_Pictographic}(?:\\uFE0E|\\uFE0F|\\p{Emoji_Modifier})?";
const NEEDED = [
  // The flags of England, Scotland and Wales are spelled in invisible letters.
  "\\u{1F3F4}\\u{E0067}\\u{E0062}(?:\\u{E0065}\\u{E006E}\\u{E0067}|\\u{E0073}\\u{E0063}\\u{E0074}|\\u{E0077}\\u{E006C}\\u{E0073})\\u{E007F}",
  `${PICTURE}(?:\\u200D${PICTURE})*`,
  "[0-9#*]\\uFE0F\\u20E3",
  // Which form of a letter, in Japanese names and in Mongolian.
  "\\p{Script=Han}(?:[\\uFE00-\\uFE02]|[\\u{E0100}-\\u{E01EF}])",
  "\\p{Script=Mongolian}[\\u180B-\\u180F]",
  `(?<=[${JOINED.join("")}])[\\u200C\\u200D](?![\\u200C\\u200D])`,
].join("|");
const HIDDEN = [
  "\\p{Bidi_Control}",
  "\\p{Default_Ignorable_Code_Point}",
  "\\p{Surrogate}",
  "\\p{Noncharacter_Code_Point}",
  "[\\uFFF9-\\uFFFB\\u2800]",
].join("|");

/** What cannot be seen: needed, or a gap that ends a line or a field, or hidden. */
const CHARACTERS = new RegExp(
  `(?<needed>${NEEDED})|(?<gap>[\\p{Cc}\\p{Zl}\\p{Zp}])|(?<hidden>${HIDDEN})`,
  "gu",
);
