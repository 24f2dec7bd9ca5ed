/**
 * Rows as CSV (RFC 4180), with the mark by which Excel knows UTF-8.
 *
 * A text that a spreadsheet would run as a formula is led by an apostrophe: people choose their own
 * names.
 */
export function toCsv(rows: string[][]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
