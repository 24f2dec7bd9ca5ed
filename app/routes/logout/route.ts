import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { flash, logOut } from "~/web/index.server";

/** Nothing to see here: whoever opens the address is sent home. */
export function loader() {
  return redirect("/");
}

export async function action({ request }: ActionFunctionArgs) {
  const headers = new Headers();
  headers.append("Set-Cookie", await logOut(request));
  headers.append("Set-Cookie", await flash("You are logged out."));
  // What an older release let the browser keep.
  headers.set("Clear-Site-Data", '"cache"');
  return redirect("/", { status: 303, headers });
}

/** A page all the same, so that what fails here fails in the frame of one. */
export default function LogOut() {
  return null;
}
