/**
 * Where to go on within the site: the path asked for, or `fallback` when it would lead anywhere
 * else. Never trusts a full address, `//host`, or what a browser would read as one.
 */
export function safeRedirect(to: FormDataEntryValue | null | undefined, fallback = "/"): string {
  if (typeof to !== "string" || !/^\/(?![/\\])/.test(to) || to.length > 2_000) return fallback;
  // Browsers drop tabs and line breaks from addresses, which would turn "/\t/host" into "//host".
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(to)) return fallback;
  const base = "http://site.invalid";
  const url = URL.canParse(to, base) ? new URL(to, base) : null;
  // "/.//host" comes out as "//host".
  if (url?.origin !== base || url.pathname.startsWith("//")) return fallback;
  return `${url.pathname}${url.search}${url.hash}`;
}
