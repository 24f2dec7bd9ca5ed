import type { ServerBuild } from "@remix-run/node";

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
    // As in remix.config.js.
    future: {
      v3_fetcherPersist: true,
      v3_relativeSplatPath: true,
      v3_throwAbortReason: true,
      v3_singleFetch: true,
      v3_lazyRouteDiscovery: true,
    },
    isSpaMode: false,
  };
}
