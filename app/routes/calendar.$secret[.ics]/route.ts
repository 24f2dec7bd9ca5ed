import type { LoaderFunctionArgs } from "@remix-run/node";
import { tellCalendar } from "./tell.server";

/** Somebody's own calendar, for the programs that they gave its address to. */
export const loader = ({ request, params }: LoaderFunctionArgs) =>
  tellCalendar(params.secret ?? "", request.headers.get("If-None-Match"));
