import { findBySlug } from "~/domain/competitions/index.server";
import { gone, notFound } from "~/web/index.server";

/**
 * Where a short address leads, however its letters are written.
 *
 * @throws Response 404, or 410 where it led to what was deleted: it is this address that people have
 */
export async function findPath(slug = ""): Promise<string> {
  const wanted = slug.normalize("NFC").toLowerCase();
  const found = wanted.includes("\0") ? null : await findBySlug(wanted);
  if (!found) throw notFound();
  if (found.isDeleted) throw gone();
  return `/competitions/${found.id}`;
}
