import type { LoaderFunctionArgs } from "@remix-run/node";
import { findEventFile } from "~/domain/registration/index.server";
import { notFound } from "~/web/index.server";

/** A competition as a file for calendars. */
export async function loader({ params }: LoaderFunctionArgs) {
  const file = await findEventFile({ id: params.id ?? "" });
  if (!file) throw notFound();
  return new Response(file, { headers: { "Content-Type": "text/calendar; charset=utf-8" } });
}
