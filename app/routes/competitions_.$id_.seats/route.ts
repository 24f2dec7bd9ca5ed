import type { LoaderFunctionArgs } from "@remix-run/node";
import { notFound, tellSeats } from "~/web/index.server";

/** The seats of one competition, for pages that stay open. Usually answered before Express. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const known = request.headers.get("if-none-match");
  const { status, headers, body } = await tellSeats(params.id ?? "", known);
  if (status === 404) throw notFound();
  return new Response(body || null, { status, headers });
}
