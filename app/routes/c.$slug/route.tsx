import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { findPath } from "./find.server";

/** The short address of a competition's page. */
export async function loader({ params }: LoaderFunctionArgs) {
  return redirect(await findPath(params.slug));
}

/** It only leads on; without a page of its own, one that is not there would be no page at all. */
export default function ShortAddress() {
  return null;
}
