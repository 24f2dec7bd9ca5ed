import { randomUUID } from "node:crypto";
import type { Piscina } from "piscina";
import { afterAll, expect, test } from "vitest";
import { deleteCompetition, removeSeatsOfDeleted } from "~/domain/competitions/index.server";
import { database } from "~/platform/orm";
import { existing } from "~/platform/singleton";
import { coverImagePath, tellCoverImage } from "~/web/cover-image";
import { closeResources } from "~/web/resources";
import { createPerson, openCompetition } from "../support/fixtures";

afterAll(closeResources);

const TITLE = "Chess by night & <friends>, مرحبا שלום";

function ask(id: string, query = "", known?: string): Promise<Response> {
  const headers = known ? { "If-None-Match": known } : undefined;
  return tellCoverImage(
    id,
    new Request(`http://site.example/covers/${id}.png${query}`, { headers }),
  );
}

const drawn = () => existing<Piscina>("cover-thread")?.completed ?? 0;

const kept = async (id: string) => {
  const rows = await database().execute<{ look: string }[]>(
    "select look from cover_image where competition_id = ?",
    [id],
  );
  return rows.map(({ look }) => look);
};

test("a crowd that asks at once gets one picture, drawn once and kept", async () => {
  const id = await openCompetition({ title: TITLE });
  const before = drawn();
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(id)));
  const [first, ...others] = await Promise.all(answers.map(async (one) => one.bytes()));
  for (const other of others) expect(Buffer.compare(other, first as Uint8Array)).toBe(0);
  const png = Buffer.from(first as Uint8Array);
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
  expect(png.length).toBeLessThan(300_000);
  expect(drawn() - before).toBe(1);
  const again = await ask(id);
  expect(Buffer.compare(await again.bytes(), png)).toBe(0);
  expect(drawn() - before).toBe(1);
  expect(again.headers.get("content-type")).toBe("image/png");
});

test("it may be cached for ever under the address with its look, and is drawn anew for another title", async () => {
  const id = await openCompetition({ title: "Go" });
  const query = coverImagePath({ id, title: "Go" }).split(".png")[1] ?? "";
  const named = await ask(id, query);
  expect(named.headers.get("cache-control")).toContain("immutable");
  const etag = named.headers.get("etag") ?? "";
  expect((await ask(id)).headers.get("cache-control")).toBe("public, max-age=300");
  expect(await ask(id, query, etag)).toMatchObject({ status: 304, body: null });

  await database().execute("update competition set title = 'Shogi' where id = ?", [id]);
  const other = await ask(id, query, etag);
  expect(other.status).toBe(200);
  expect(other.headers.get("cache-control")).toBe("public, max-age=300");
  expect(other.headers.get("etag")).not.toBe(etag);
  expect(await kept(id)).toHaveLength(1);
});

test("there is none for a missing or deleted competition, and a stored one goes with the seats", async () => {
  await expect(ask(randomUUID())).rejects.toHaveProperty("status", 404);
  await expect(ask("no-id")).rejects.toHaveProperty("status", 404);
  const organizer = await createPerson("ORGANIZER");
  const id = await openCompetition({ organizerId: organizer.id });
  await ask(id);
  expect(await kept(id)).toHaveLength(1);
  await deleteCompetition({ actor: organizer, id });
  await expect(ask(id)).rejects.toHaveProperty("status", 404);
  await database().execute(
    "update competition set deleted_at = deleted_at - interval '11 minutes' where id = ?",
    [id],
  );
  while ((await removeSeatsOfDeleted()).forgotten > 0);
  expect(await kept(id)).toEqual([]);
});

test("pictures wait to be drawn one at a time, and when too many wait, further ones are refused for now", async () => {
  const ids = await Promise.all(
    Array.from({ length: 11 }, (_, n) => openCompetition({ title: `Round ${n}` })),
  );
  const answers = await Promise.allSettled(ids.map((id) => ask(id)));
  const refused = answers.filter(({ status }) => status === "rejected");
  expect(refused.length).toBe(2);
  for (const one of refused) expect(one).toHaveProperty("reason.code", "unavailable");
  expect(answers.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
}, 60_000);
