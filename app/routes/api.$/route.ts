import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { answerFetch } from "~/api/index.server";

export const loader = ({ request, context }: LoaderFunctionArgs) => answerFetch(request, context);

export const action = ({ request, context }: ActionFunctionArgs) => answerFetch(request, context);
