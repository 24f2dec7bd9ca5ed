import { register } from "~/domain/registration/index.server";
import { answerKey, seatKeys } from "~/domain/registration/seats/redis";
import { tryRedis } from "~/platform/redis";
import type { Person } from "../../tests/support/fixtures.ts";
import { takeTurns, type Workload } from "../arena.ts";
import { AT_ONCE } from "../measure.ts";
import { drive } from "../trace.ts";
import { openCompetition } from "./sides/product.ts";

/** What a competition takes in Redis, before anybody came and when all seats are taken. */
export const redisMemory: Workload = async (arena) => {
  const seats = arena.quick ? 1_000 : 5_000;
  await takeTurns({ ...arena, rounds: 1 }, [{ name: "product" }], async ({ name }, round) => {
    const competitionId = await openCompetition({ capacity: seats });
    const seatsOf = Object.values(seatKeys(competitionId));
    const empty = await bytesOf(seatsOf);
    const asked = arena.people.slice(0, 2 * seats);
    await drive({
      items: asked,
      atOnce: AT_ONCE,
      async ask(user: Person) {
        const input = { user, competitionId, idempotencyKey: user.id, fingerprint: "f".repeat(64) };
        return (await register(input)).status === "registered" ? "registered" : "full";
      },
    });
    const soldOut = await bytesOf(seatsOf);
    const recordsOf = (people: Person[]) =>
      bytesOf(people.map(({ id }) => answerKey({ competitionId, userId: id, key: id })));
    const won = await recordsOf(asked.slice(0, seats));
    const lost = await recordsOf(asked.slice(seats));
    arena.measured({
      workload: "redis-memory",
      side: name,
      point: seats,
      round,
      values: {
        bytesBefore: empty,
        bytesATakenSeat: soldOut / seats,
        bytesAKeyThatWon: won / seats,
        bytesAKeyThatLost: lost / seats,
      },
    });
  });
};

async function bytesOf(keys: string[]): Promise<number> {
  const sizes = await tryRedis((client) =>
    Promise.all(keys.map((key) => client.memory("USAGE", key, "SAMPLES", 0))),
  );
  if (!sizes) throw new Error("Redis does not tell what it uses");
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}
