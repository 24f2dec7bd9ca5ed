import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { closeWithForm } from "./close.server";

/** Nothing to see here: whoever opens the address sees the competition. */
export function loader({ params }: LoaderFunctionArgs) {
  return redirect(`/competitions/${params.id}`);
}

export const action = ({ request, params }: ActionFunctionArgs) =>
  closeWithForm(request, params.id);
