import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { createReadableStreamFromReadable } from "@remix-run/node";
import { expect, onTestFinished, test, vi } from "vitest";
import { serve } from "../../tests/support/express";
import { remixBuild } from "../../tests/support/remix-build";
import { remixHandler } from "./remix-handler";

const PIECE = Buffer.alloc(64 * 1024, "x");
const MANY = 2_000;

/** A list that is read piece by piece, 128 MB in all, and how far it was read. */
function longList() {
  const read = { pieces: 0, isOver: false };
  async function* pieces() {
    try {
      for (; read.pieces < MANY; read.pieces++) yield PIECE;
    } finally {
      read.isOver = true;
    }
  }
  const loader = async () =>
    new Response(createReadableStreamFromReadable(Readable.from(pieces())));
  return { read, loader };
}

async function ask(loader: () => Promise<Response>, path = "/list"): Promise<Socket> {
  const root = { id: "root", path: "", module: { default: () => null } };
  const list = { id: "routes/mailbox_.print", parentId: "root", path: "list", module: { loader } };
  const entry = { default: () => Response.error(), handleError: () => {} };
  const build = remixBuild({ entry, routes: { root, [list.id]: list as never } });
  const spend = async () => ({ status: "allowed" as const });
  const address = await serve((app) => {
    app.use(remixHandler(build, { mode: "test", spend }));
  });
  const client = connect(Number(new URL(address).port), "127.0.0.1");
  onTestFinished(() => void client.destroy());
  client.write(`GET ${path} HTTP/1.1\r\nHost: site.example\r\nConnection: close\r\n\r\n`);
  return client;
}

/** Resolves when nothing more was read for a moment. */
function standsStill(read: { pieces: number }): Promise<void> {
  let before = -1;
  const look = () => {
    const last = before;
    before = read.pieces;
    expect(before).toBe(last);
  };
  return vi.waitFor(look, { interval: 200, timeout: 20_000 });
}

test("a list is read no faster than it is taken, and no further when its reader leaves", async () => {
  const { read, loader } = longList();
  const client = await ask(loader);
  await once(client, "readable");
  await standsStill(read);
  expect(read.pieces).toBeLessThan(MANY / 2);
  client.destroy();
  await vi.waitFor(() => expect(read.isOver).toBe(true));
  expect(read.pieces).toBeLessThan(MANY / 2);
});

test("who takes all of it gets all of it", async () => {
  const { read, loader } = longList();
  const client = await ask(loader);
  let bytes = 0;
  for await (const chunk of client) bytes += chunk.length;
  expect(read).toEqual({ pieces: MANY, isOver: true });
  expect(bytes).toBeGreaterThan(MANY * PIECE.length);
});

test("a list is no data of a page, for which all of it would be made at once", async () => {
  const { read, loader } = longList();
  let answer = "";
  for await (const chunk of await ask(loader, "/list.data")) answer += chunk;
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(read.pieces).toBe(0);
});
