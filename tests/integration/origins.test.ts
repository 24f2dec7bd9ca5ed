import { afterAll, expect, test } from "vitest";
import { database } from "~/platform/orm";
import { openCompetition } from "../support/fixtures";
import { closeMailAndEverything, registerSomebody } from "../support/mail";

afterAll(closeMailAndEverything);

test("of registrations that share a commit, each order for mail has its own request's id", async () => {
  const competitionId = await openCompetition({ capacity: 20 });
  const people = await Promise.all(
    Array.from({ length: 20 }, () => registerSomebody({ competitionId })),
  );
  const rows: { id: string; request_id: string }[] = await database().execute(
    "select id::text, request_id from outbox",
  );
  const ids = new Map(rows.map((row) => [row.id, row.request_id]));
  for (const { outboxId, user } of people) expect(ids.get(outboxId)).toBe(`of-${user.id}`);
});
