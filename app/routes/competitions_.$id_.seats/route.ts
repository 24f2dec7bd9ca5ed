import type { LoaderFunctionArgs } from "@remix-run/node";
import { findCompetition } from "~/domain/competitions/index.server";
import { jsonWithEtag, notFound } from "~/web/index.server";

/** The seats of one competition, for pages that stay open. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const competition = await findCompetition({ id: params.id ?? "" });
  if (!competition) throw notFound();
  const { capacity, registrations, state } = competition;
  return jsonWithEtag(request, { capacity, registrations, state });
}
