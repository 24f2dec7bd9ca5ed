import { mailQueue, measureOutbox } from "~/domain/mail/index.server";
import { findKnownCompetitions, findLastingDrift } from "~/domain/registration/index.server";
import { findLastReminderRun } from "~/domain/reminders/index.server";
import { database } from "~/platform/orm";
import { isRedisUp } from "~/platform/redis";
import { scheduleQueue } from "../../worker/reminder-schedule";
import { done, type Outcome } from "../outcome";
import { table } from "./table";

/** `ops status`: what runs, what waits, what is wrong. Refused when a service is away. */
export async function status({ json }: { json: boolean }): Promise<Outcome> {
  const services = { postgres: await isPostgresUp(), redis: await isRedisUp() };
  const data = {
    services: { postgres: word(services.postgres), redis: word(services.redis) },
    outbox: services.postgres ? await measureOutbox() : null,
    queues: services.redis ? await countJobs() : null,
    drift: services.postgres && services.redis ? await countDrift() : null,
    lastReminderRun: services.redis ? await findLastReminderRun() : null,
  };
  const outcome = done({ json, data, text: describe(data) });
  return services.postgres && services.redis ? outcome : { ...outcome, exitCode: 1 };
}

type Status = {
  services: Record<string, string>;
  outbox: Awaited<ReturnType<typeof measureOutbox>> | null;
  queues: Record<string, Record<string, number>> | null;
  drift: { known: number; drifted: string[] } | null;
  lastReminderRun: Awaited<ReturnType<typeof findLastReminderRun>>;
};

function describe({ services, outbox, queues, drift, lastReminderRun: run }: Status): string {
  const parts = [table(["SERVICE", "STATE"], Object.entries(services))];
  if (outbox) {
    const { waiting, enqueued, oldestSeconds, deadLetters } = outbox;
    parts.push(
      table(
        ["OUTBOX", "ENQUEUED", "OLDEST", "DEAD LETTERS"],
        [[`${waiting} waiting`, `${enqueued}`, `${Math.round(oldestSeconds)} s`, `${deadLetters}`]],
      ),
    );
  }
  if (queues) {
    const states = ["waiting", "active", "delayed", "failed", "completed"];
    const rows = Object.entries(queues).map(([name, counts]) => [
      name,
      ...states.map((state) => String(counts[state] ?? 0)),
    ]);
    parts.push(table(["QUEUE", ...states.map((state) => state.toUpperCase())], rows));
  }
  if (drift) {
    const { known, drifted } = drift;
    parts.push(
      drifted.length === 0
        ? `Seats: Redis equals Postgres in all ${known} competitions that it knows.`
        : `Seats: ${drifted.length} of ${known} competitions differ between Redis and Postgres ` +
            "(npm run ops -- reconcile).",
    );
  }
  parts.push(
    run
      ? `Reminders: last run ${run.at.toISOString()} for ${run.day}, ${run.written} written.`
      : "Reminders: no run is known.",
  );
  return parts.join("\n\n");
}

async function countJobs(): Promise<Record<string, Record<string, number>>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const queue of [mailQueue(), scheduleQueue()]) {
    counts[queue.name] = await queue.getJobCounts(
      "waiting",
      "active",
      "delayed",
      "failed",
      "completed",
    );
  }
  return counts;
}

async function countDrift(): Promise<{ known: number; drifted: string[] } | null> {
  const known = await findKnownCompetitions();
  const drifted = known && (await findLastingDrift(known));
  return drifted
    ? { known: known.length, drifted: drifted.map(({ competitionId }) => competitionId) }
    : null;
}

async function isPostgresUp(): Promise<boolean> {
  try {
    await database().execute("select 1");
    return true;
  } catch {
    return false;
  }
}

function word(isUp: boolean): string {
  return isUp ? "ok" : "away";
}
