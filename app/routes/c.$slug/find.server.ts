import { findIdBySlug } from "~/domain/competitions/index.server";
import { notFound } from "~/web/index.server";

/**
 * Where a short address leads, however its letters are written.
 *
 * @throws Response 404
 */
export async function findPath(slug = ""): Promise<string> {
  const wanted = slug.normalize("NFC").toLowerCase();
  const id = wanted.includes("\0") ? null : await findIdBySlug(wanted);
  if (!id) throw notFound();
  return `/competitions/${id}`;
}
