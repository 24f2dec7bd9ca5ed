/**
 * The address that a place is, where it is one that may be a link: of the web, without a name and a
 * password, behind which another address can hide. Null for a place in words.
 */
export function linkOf(location: string): string | null {
  if (!/^https?:\/\/\S+$/i.test(location) || !URL.canParse(location)) return null;
  const { href, username, password } = new URL(location);
  return username || password ? null : href;
}

/** Whether a place is written like a link that would be none: "javascript:…", "ftp://…". */
export function isForeignLink(location: string): boolean {
  return LIKE_A_LINK.test(location) && linkOf(location) === null;
}

const LIKE_A_LINK =
  /^(?:[a-z][a-z\d+.-]*:\/\/|(?:javascript|data|vbscript|file|blob|about|mailto|tel):)\S*$/i;
