import { randomUUID } from "node:crypto";
import { loadScript, seatKeys } from "~/domain/registration/seats/redis";
import { runScript, words } from "~/platform/lua";
import { redis } from "~/platform/redis";
import type { Person } from "../../../tests/support/fixtures.ts";
import type { Ending } from "../../trace.ts";
import { withClient } from "../rival-database.ts";

const BATCH_SIZE = 64;
const LANES = 2;

/**
 * The batches that the product commits, with the rows they have there, as bare multi-row inserts on
 * two connections: no request, no Redis, no lock, no check, no answer. What Postgres can take.
 *
 * @returns rows a second
 */
export async function writeBareBatches({
  competitionId,
  people,
}: {
  competitionId: string;
  people: readonly Person[];
}): Promise<number> {
  let next = 0;
  const startedAtMs = performance.now();
  const writeOneAfterTheOther = () =>
    withClient(async (client) => {
      while (next < people.length) {
        const from = next;
        next += BATCH_SIZE;
        const batch = people.slice(from, next);
        const ids = batch.map(() => randomUUID());
        await client.query("begin");
        await client.query({
          name: `registrations ${batch.length}`,
          text: `insert into registration (id, competition_id, user_id, status, seat_no, registered_at)
            values ${rows(batch.length, (at) => `($${at}, $${at + 1}, $${at + 2}, 'CONFIRMED', $${at + 3}, $${at + 4})`, 5)}`,
          values: batch.flatMap(({ id }, index) => [
            ids[index],
            competitionId,
            id,
            from + index + 1,
            new Date(),
          ]),
        });
        await client.query({
          name: `outbox ${batch.length}`,
          text: `insert into outbox (dedupe_key, kind, payload)
            values ${rows(batch.length, (at) => `($${at}, 'registration.confirmed', $${at + 1})`, 2)}`,
          values: ids.flatMap((id) => [`confirmation:${id}`, { registrationId: id }]),
        });
        await client.query("commit");
      }
    });
  await Promise.all(Array.from({ length: LANES }, writeOneAfterTheOther));
  return (people.length / (performance.now() - startedAtMs)) * 1_000;
}

function rows(count: number, row: (firstParameter: number) => string, columns: number): string {
  return Array.from({ length: count }, (_, index) => row(index * columns + 1)).join(",");
}

const reserveScript = loadScript("reserve_seats.lua");

/** The script that decides about a seat, called alone through the product's own connection. */
export async function askLuaAlone(competitionId: string, { id }: Person): Promise<Ending> {
  const { meta, free, holds, attempts, confirmed, cancelled, ...line } = seatKeys(competitionId);
  const { queue, waiting, joins, owed } = line;
  const keys = [
    meta,
    free,
    holds,
    attempts,
    confirmed,
    cancelled,
    queue,
    waiting,
    joins,
    owed,
    meta,
  ];
  const args = [60_000, 60_000, id, id, "0", "", "0", "0"];
  const replies = await runScript(redis(), reserveScript, { keys, args });
  const [word] = Array.isArray(replies) ? words(replies[0]) : [];
  return word === "reserved" ? "registered" : word === "competition_full" ? "full" : "other";
}
