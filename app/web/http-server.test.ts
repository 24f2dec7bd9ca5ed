import type { ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createHttpServer } from "./http-server";

test("a client that reads nothing of its answer is dropped", async () => {
  let leave: (res: ServerResponse) => void;
  const left = new Promise<ServerResponse>((resolve) => {
    leave = resolve;
  });
  const server = createHttpServer(
    (_req, res) => {
      res.once("close", () => leave(res));
      res.end(Buffer.alloc(2 ** 25));
    },
    { silentMs: 100 },
  ).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close().closeAllConnections());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1").pause();
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  expect((await left).writableFinished).toBe(false);
  socket.destroy();
});

test("a client that is slow to send its request is waited for, but not for long", () => {
  const { headersTimeout, requestTimeout, timeout } = createHttpServer(() => {});
  expect([headersTimeout, requestTimeout, timeout]).toEqual([10_000, 30_000, 60_000]);
});
