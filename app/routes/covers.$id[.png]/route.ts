import type { LoaderFunctionArgs } from "@remix-run/node";
import { tellCoverImage } from "~/web/index.server";

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  tellCoverImage(params.id ?? "", request);
