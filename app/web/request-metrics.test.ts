import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { metrics } from "~/platform/metrics";
import { eventually } from "../../tests/support/eventually";
import { measureRequests, nameRoute, noteBytesBefore } from "./request-metrics";

let server: Server;
let url: string;

/** Answers with a whole file, or with a part of one, and never says that the answer ends. */
beforeAll(async () => {
  server = createServer((req, plain) => {
    const res = Object.assign(plain, { locals: {} });
    measureRequests(req, res, () => {
      nameRoute(res, "file");
      noteBytesBefore(req, res);
      res.setHeader("content-length", req.url === "/whole" ? 3 : 3_000);
      res.write("abc");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address?.port}`;
});

afterAll(() => server.close());

test("a client that has every byte of a file got it, and one that left earlier did not", async () => {
  for (const path of ["/whole", "/part"]) {
    const sent = request(url + path, { agent: false }, (answer) => {
      answer.on("error", () => {}).once("data", () => sent.destroy());
    });
    sent.on("error", () => {}).end();
  }
  await eventually(async () => {
    const told = await metrics().getSingleMetricAsString("mini_compete_http_requests_total");
    for (const status of ["200", "499"]) {
      expect(told).toContain(`{route="file",method="GET",status="${status}"} 1`);
    }
  });
});
