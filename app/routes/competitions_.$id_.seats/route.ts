import type { LoaderFunctionArgs } from "@remix-run/node";
import { findCompetition } from "~/domain/competitions/index.server";
import { notFound } from "~/web/index.server";

/** The seats of one competition, for pages that stay open. */
export async function loader({ params }: LoaderFunctionArgs) {
  const competition = await findCompetition({ id: params.id ?? "" });
  if (!competition) throw notFound();
  const { capacity, registrations, state } = competition;
  const headers = { "Cache-Control": "public, max-age=2" };
  return Response.json({ capacity, registrations, state }, { headers });
}
