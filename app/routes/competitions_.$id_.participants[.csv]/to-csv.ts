/** At the start of a file: by it Excel knows UTF-8. */
export const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Rows as CSV (RFC 4180), to be read as UTF-8 with commas.
 *
 * People choose their own names, so every text is quoted: one that separates at semicolons does not
 * begin a cell behind `;`. And what a spreadsheet would run as a formula is led by an apostrophe.
 */
export function toCsv(rows: string[][]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Also behind what cannot be seen, and in the wide form of East Asian keyboards. */
const FORMULA = /^[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]*[=+\-@|]|^[\t\r\n]/u;

function cell(text: string): string {
  const harmless = FORMULA.test(text.normalize("NFKC")) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
