import { Scripts } from "@remix-run/react";
import { useRequestContext } from "./request-context";

/**
 * A page's scripts, as Remix writes them, but later: the page is complete without them, so they are fetched
 * after what is seen, and keep a slow phone's processor free until the page is painted. Only the server
 * changes them: in the browser they have already come.
 *
 * `Scripts` is called, not rendered: only then can the elements that it makes be changed. Its hooks run as
 * this component's own.
 */
export function LateScripts() {
  const { nonce, scripts } = useRequestContext();
  const written = Scripts({ nonce });
  return scripts ? scripts.late(written) : written;
}
