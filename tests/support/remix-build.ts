import type { ServerBuild } from "@remix-run/node";
import config from "../../remix.config.js";

/** The compiler hands these on to the build as they are in the configuration. */
const future = config.future as ServerBuild["future"];

/** What the compiler would put around these routes. */
export function remixBuild({
  entry,
  routes,
  assets = { entry: { imports: [], module: "" }, routes: {}, url: "", version: "" },
}: {
  entry: ServerBuild["entry"]["module"];
  routes: ServerBuild["routes"];
  assets?: ServerBuild["assets"];
}): ServerBuild {
  return {
    mode: "test",
    entry: { module: entry },
    routes,
    assets,
    publicPath: "/build/",
    assetsBuildDirectory: "public/build",
    future,
    isSpaMode: false,
  };
}
