import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, vi } from "vitest";
import { eventually } from "../../tests/support/eventually";
import { env } from "./env";
import { log } from "./log";
import { startTracing } from "./open-telemetry";
import { startSpan, stopTracing } from "./trace";

test("a collector that accepts nothing costs its spans and one line, and holds up nobody", async () => {
  const taken: number[] = [];
  let status = 400;
  const server = createServer((request, response) => {
    taken.push(status);
    request.resume();
    response.writeHead(status).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint);
  const warn = vi.spyOn(log, "warn");
  const info = vi.spyOn(log, "info");
  expect(startSpan({ name: "before" })).toBeUndefined();
  env().OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
  await startTracing({ service: "test", version: "1" });
  for (const times of [1, 2]) {
    startSpan({ name: "lost" })?.end();
    await eventually(() => expect(taken).toHaveLength(times));
  }
  status = 200;
  startSpan({ name: "taken" })?.end();
  await stopTracing();
  expect(taken).toEqual([400, 400, 200]);
  expect(warn.mock.calls).toEqual([["the collector takes no traces"]]);
  expect(info.mock.calls).toEqual([["traces are on"], ["the collector takes traces again"]]);
  server.close();
  server.closeAllConnections();
});
