import type { ServerBuild } from "@remix-run/node";
import type { createWebApp } from "~/web/app";
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

/** The rest of what `createWebApp` is given, where nobody configured anything. */
export const UNCONFIGURED: Omit<Parameters<typeof createWebApp>[0], "build" | "entry"> = {
  settings: {
    NODE_ENV: "test",
    PUBLIC_URL: undefined,
    TRUST_PROXY: undefined,
    HSTS_SUBDOMAINS: "off",
  },
  root: process.cwd(),
  announceDrain: (_req, _res, next) => next(),
  isDraining: () => false,
};
