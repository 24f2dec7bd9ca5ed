import type { RequestListener } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { flatRoutes } from "@remix-run/dev/dist/config/flat-routes.js";
import type { ServerBuild } from "@remix-run/node";
import type { Express } from "express";
import { afterAll, beforeAll } from "vitest";
import * as entry from "~/entry.server";
import * as rootModule from "~/root";
import { createPages, createWebApp, type EntryModule } from "~/web/app";
import { closeResources } from "~/web/resources";
import remixConfig from "../../remix.config.js";
import { listen } from "./api-servers";
import { remixBuild, UNCONFIGURED } from "./remix-build";

const appFolder = fileURLToPath(new URL("../../app", import.meta.url));

type ServerRoute = ServerBuild["routes"][string];

/**
 * The web application from its sources, with every page, and what the compiler would put together.
 *
 * @param changed what its entry module has otherwise
 */
export async function wholeApp(changed: Partial<EntryModule> = {}): Promise<WholeApp> {
  const build = await buildFromSources();
  const options: Parameters<typeof createWebApp>[0] = {
    build,
    entry: { ...entry, ...changed },
    ...UNCONFIGURED,
  };
  return { app: createWebApp(options), pages: createPages(options), build };
}

/** Serves it for a test file. @returns its address, once the tests run */
export function startWholeApp(): () => string {
  let served: Awaited<ReturnType<typeof listen>> | undefined;
  beforeAll(async () => {
    served = await listen((await wholeApp()).app);
  });
  afterAll(async () => {
    served?.stop();
    await closeResources();
  });
  return () => served?.url ?? "";
}

interface WholeApp {
  app: RequestListener;
  /** What of it is left for Express. */
  pages: Express;
  build: ServerBuild;
}

async function buildFromSources(): Promise<ServerBuild> {
  const routes: Record<string, ServerRoute> = {
    root: { id: "root", path: "", module: rootModule },
  };
  const found = flatRoutes(appFolder, remixConfig.ignoredRouteFiles);
  for (const { file, id, path, index, parentId } of Object.values(found)) {
    const module: ServerRoute["module"] = await import(/* @vite-ignore */ join(appFolder, file));
    routes[id] = { id, path, index, parentId, module };
  }
  return remixBuild({ entry, routes, assets: assetsOf(routes) });
}

/** What pages name to the browser; nobody loads it here. */
function assetsOf(routes: ServerBuild["routes"]): ServerBuild["assets"] {
  const described = Object.values(routes).map(({ module, ...route }) => ({
    ...route,
    hasAction: module.action !== undefined,
    hasLoader: module.loader !== undefined,
    hasClientAction: false,
    hasClientLoader: false,
    hasErrorBoundary: module.ErrorBoundary !== undefined,
    module: "/build/none.js",
  }));
  return {
    entry: { imports: [], module: "/build/none.js" },
    routes: Object.fromEntries(described.map((route) => [route.id, route])),
    url: "/build/manifest.js",
    version: "test",
  };
}

/** Each page's path with the methods it answers, as `GET /path`. */
export function remixRoutes({ routes }: ServerBuild): string[] {
  return Object.values(routes).flatMap(({ id, path = "", module }) => {
    if (id === "root") return [];
    const methods = [
      ...(module.loader || module.default ? ["GET"] : []),
      ...(module.action ? ["POST"] : []),
    ];
    return methods.map((method) => `${method} /${path}`);
  });
}

/** Those that send a file in place of a page: scripts find no data there. */
export function remixFiles({ routes }: ServerBuild): string[] {
  const files = Object.values(routes).filter(({ module }) => !module.default && module.loader);
  return files.map(({ path = "" }) => `GET /${path}`);
}

/** The same for what Express itself answers. */
export function expressRoutes(pages: Express): string[] {
  return routesOf(pages._router.stack);
}

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
  handle: { stack?: Layer[] };
}

function routesOf(layers: Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (!route) return routesOf(handle.stack ?? []);
    return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`);
  });
}
