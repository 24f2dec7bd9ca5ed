import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { publishWithForm } from "~/web/index.server";

/** Nothing to see here: whoever opens the address sees the competition. */
export function loader({ params }: LoaderFunctionArgs) {
  return redirect(`/competitions/${params.id}`);
}

export const action = ({ request, params }: ActionFunctionArgs) =>
  publishWithForm(request, params.id);

/** A page all the same, so that what fails here fails in the frame of one. */
export default function Publish() {
  return null;
}
