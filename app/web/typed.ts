/**
 * A whole number as people type it: the digits of any script, thousands apart ("1,000", "1 000",
 * "1'000", "1,00,000"). What could also be a fraction ("1.000") is none.
 */
export function typedNumber(text: string): number | undefined {
  const written = figures(text);
  return NUMBER.test(written) ? Number(written.replace(/\D/g, "")) : undefined;
}

const NUMBER = /^(?:\d{1,9}|\d{1,3}(?:[, '’]\d{3}){1,2}|\d{1,2}(?:,\d{2}){1,2},\d{3})$/;

/** A date and time as a `datetime-local` field gives it, where a browser without one has people type it. */
export function typedDate(text: string): string {
  return figures(text).replace(/^(\d{4}-\d\d-\d\d) +(?=\d)/, "$1T");
}

/** A text with figures in it, without what came along when it was copied. */
function figures(text: string): string {
  return text
    .replace(/\p{Cf}/gu, "")
    .replace(/\s/g, " ")
    .replace(/\p{Nd}/gu, toDigit)
    .replace(/[\uFF0C\u066C]/g, ",")
    .trim();
}

/** Unicode has the digits of each script in a row, zero first. */
function toDigit(character: string): string {
  const digit = character.normalize("NFKC");
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
