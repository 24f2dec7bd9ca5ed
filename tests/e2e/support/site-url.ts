/** The address of a path on the site that the tests look at. */
export function siteUrl(path: string): string {
  const base = process.env.BASE_URL;
  if (!base) throw new Error("BASE_URL is not set");
  return new URL(path, base).href;
}
