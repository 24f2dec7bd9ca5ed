import { afterAll } from "vitest";
import { startTcpProxy } from "./tcp-proxy";

/** Imported first: the way to Postgres for the application, which the test may disturb. */
export const network = await startTcpProxy(Number(new URL(process.env.DATABASE_URL ?? "").port));

/** Past the proxy. */
export const directUrl = process.env.DATABASE_URL ?? "";

process.env.DATABASE_URL = network.through(directUrl);

afterAll(() => network.stop());
