import type { LoaderFunctionArgs } from "@remix-run/node";
import { tellPlace } from "./tell.server";

/** Where somebody stands in line, for their page that stays open. */
export const loader = ({ request, params }: LoaderFunctionArgs) => tellPlace(request, params.id);
