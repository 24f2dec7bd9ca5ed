const RULES = new Intl.PluralRules("en", { type: "ordinal" });
const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: "st", two: "nd", few: "rd" };

/** 1st, 2nd, 3rd, 4th, 11th, 12th, 1,021st. */
export function ordinal(number: number): string {
  return `${number.toLocaleString("en")}${SUFFIXES[RULES.select(number)] ?? "th"}`;
}
