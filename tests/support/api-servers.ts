import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import express from "express";
import { afterAll, beforeAll } from "vitest";
import { askApi } from "~/api/index.server";
import * as apiRoute from "~/routes/api.$/route";
import { createWebApp } from "~/web/app";
import { closeResources } from "~/web/index.server";
import { remixBuild, UNCONFIGURED } from "./remix-build";

/** The two servers that answer `/api`: our Express entry, and Remix alone as `remix-serve` runs it. */
export const API_SERVERS = ["the Express entry", "Remix alone"] as const;
export type ApiServer = (typeof API_SERVERS)[number];

/** Starts both for a test file. @returns the address of one, once the tests run */
export function startApiServers(): (server: ApiServer) => string {
  const addresses = new Map<ApiServer, string>();
  const stops: (() => void)[] = [];

  beforeAll(async () => {
    for (const name of API_SERVERS) {
      const { url, stop } = await listen(name === "Remix alone" ? remixAlone() : expressEntry());
      addresses.set(name, url);
      stops.push(stop);
    }
  });
  afterAll(async () => {
    for (const stop of stops) stop();
    await closeResources();
  });
  return (server) => addresses.get(server) ?? "";
}

/** Serves on a free port. */
export async function listen(handler: RequestListener): Promise<{ url: string; stop: () => void }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

/** Our Express entry, with pages if any are given. */
export function expressEntry(pages: ServerBuild["routes"] = {}): RequestListener {
  return createWebApp({
    build: { ...apiOnlyBuild, routes: { ...apiOnlyBuild.routes, ...pages } },
    entry: { askApi },
    ...UNCONFIGURED,
  });
}

function remixAlone(): RequestListener {
  return express().use(createRequestHandler({ build: apiOnlyBuild, mode: "test" }));
}

const ROUTE = "routes/api.$";

/** What the compiler would make of an application that has this one route. */
const apiOnlyBuild = remixBuild({
  entry: {
    default: () => new Response("no pages here", { status: 500 }),
    handleError: () => {},
  },
  routes: { [ROUTE]: { id: ROUTE, path: "api/*", module: { default: undefined, ...apiRoute } } },
});
