import { Scripts } from "@remix-run/react";
import { useRequestContext } from "./request-context";

/**
 * A page's scripts, as Remix writes them. The page is complete without them, so they are fetched after
 * what is seen, and do not take a slow phone's processor before it was painted. Only the server changes
 * them: in the browser they have come.
 */
export function LateScripts() {
  const { nonce, scripts } = useRequestContext();
  const written = Scripts({ nonce });
  return scripts ? scripts.late(written) : written;
}
