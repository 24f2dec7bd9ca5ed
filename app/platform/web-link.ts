/**
 * A place's address, if the place is one that may become a link: a web address without a name and password,
 * behind which another address could hide. Null for a place in words.
 */
export function linkOf(location: string): string | null {
  if (!/^https?:\/\/\S+$/i.test(location) || !URL.canParse(location)) return null;
  const { href, username, password } = new URL(location);
  return username || password ? null : href;
}

/** Whether a place looks like a link that it cannot become: "javascript:…", "ftp://…". */
export function isForeignLink(location: string): boolean {
  return LIKE_A_LINK.test(location) && linkOf(location) === null;
}

const LIKE_A_LINK =
  /^(?:[a-z][a-z\d+.-]*:\/\/|(?:javascript|data|vbscript|file|blob|about|mailto|tel):)\S*$/i;
