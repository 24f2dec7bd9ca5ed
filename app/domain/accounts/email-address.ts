import { hasPiledAccents } from "~/platform/words";

/** Of the part before the @ and of a domain's label, in bytes (RFC 5321, RFC 1035). */
const LONGEST_LOCAL = 64;
const LONGEST_LABEL = 63;
const LONGEST = 254;

/** What stands between dots before the @: RFC 5322's atoms, and letters of any script (RFC 6531). */
const ATOM = "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+";
const LOCAL = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, "u");
/** Invisible letters, and signs that change how a letter looks: two addresses could look like one. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/**
 * An email address as we keep it: in lower case, its accents composed, its domain as DNS knows it
 * (`müller.de` is `xn--mller-kva.de`). So one mailbox is one account, however it is written.
 *
 * @returns null for what is no address that mail can be sent to. Quoted names, comments and numbers in
 *   brackets are addresses to RFC 5322, and typing errors everywhere else.
 */
export function canonicalAddress(text: string): string | null {
  const at = text.lastIndexOf("@");
  const local = canonicalLocal(text.slice(0, Math.max(0, at)));
  const domain = canonicalDomain(text.slice(at + 1));
  if (local === null || domain === null) return null;
  const address = `${local}@${domain}`;
  return bytes(address) <= LONGEST ? address : null;
}

/**
 * An address that an operator typed, as we keep it. What is none now may have been one to an earlier
 * release.
 */
export function keptAs(typed: string): string {
  const written = typed.trim();
  return canonicalAddress(written) ?? written.toLowerCase();
}

function canonicalLocal(written: string): string | null {
  if (!LOCAL.test(written) || UNSEEN.test(written) || hasPiledAccents(written)) return null;
  if (Array.from(written).some(becomesAscii)) return null;
  const local = written.normalize("NFC").toLowerCase();
  return bytes(local) <= LONGEST_LOCAL ? local : null;
}

/** Signs that become ASCII letters, such as the Kelvin sign or "𝐤": nobody types one to mean that letter. */
function becomesAscii(character: string): boolean {
  return character > "\u007f" && /^[\0-\x7f]+$/.test(character.normalize("NFKC").toLowerCase());
}

function canonicalDomain(written: string): string | null {
  // What a URL would read as the end of a host, its port, or an escape.
  if (/[^\p{L}\p{M}\p{N}.。．｡-]/u.test(written) || !URL.canParse(`http://${written}`)) return null;
  const domain = new URL(`http://${written}`).hostname;
  const labels = domain.split(".");
  const isName = labels.length > 1 && !/^\d+$/.test(labels.at(-1) ?? "");
  const areLabels = labels.every((label) => LABEL.test(label) && label.length <= LONGEST_LABEL);
  return isName && areLabels ? domain : null;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
