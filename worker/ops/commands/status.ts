import { mailQueue, measureOutbox } from "~/domain/mail/index.server";
import {
  findKnownCompetitions,
  findLastingDrift,
  measureLines,
} from "~/domain/registration/index.server";
import { findLastReminderRun } from "~/domain/reminders/index.server";
import { findDatabaseFault } from "~/platform/database-health";
import { findRedisFault } from "~/platform/redis-health";
import { scheduleQueue } from "../../reminder-schedule";
import type { Answer } from "../cli";
import { commandLine } from "../command-line";
import { deliveryStatus, describeDeliveries } from "../mail";
import { table } from "../table";

/** How long a service may take to answer, milliseconds. */
const PATIENCE_MS = 5_000;

const STATES = ["waiting", "active", "delayed", "failed", "completed"] as const;

/** `ops status`: what runs, what waits, what is wrong. Refused when a service is away. */
export async function status(): Promise<Answer> {
  const data = await look();
  const { postgres, redis } = data.services;
  return { exitCode: postgres === "ok" && redis === "ok" ? 0 : 1, data, text: describe(data) };
}

async function look() {
  const [postgres, redis] = [
    (await findDatabaseFault(PATIENCE_MS)) ?? "ok",
    (await findRedisFault(PATIENCE_MS)) ?? "ok",
  ];
  const isUp = { postgres: postgres === "ok", redis: redis === "ok" };
  return {
    services: { postgres, redis },
    outbox: isUp.postgres ? await measureOutbox() : null,
    smtp: isUp.postgres ? await deliveryStatus() : null,
    queues: isUp.redis ? await countJobs() : null,
    pausedQueues: isUp.redis ? await findPaused() : null,
    lines: isUp.postgres ? await measureLines() : null,
    drift: isUp.postgres && isUp.redis ? await countDrift() : null,
    lastReminderRun: isUp.redis ? await findLastReminderRun() : null,
  };
}

type Status = Awaited<ReturnType<typeof look>>;

function describe(status: Status): string {
  const { services, outbox, smtp, queues, pausedQueues, drift, lastReminderRun: run } = status;
  const { lines } = status;
  const parts = [table(["SERVICE", "STATE"], Object.entries(services))];
  if (outbox) {
    const { waiting, enqueued, classes, oldestSeconds, deadLetters } = outbox;
    const row = [`${waiting} waiting`, `${enqueued}`, `${Math.round(oldestSeconds)} s`];
    row.push(classes.join(" · "));
    const head = ["OUTBOX", "ENQUEUED", "OLDEST", "SEATS · CROWDS · LATE", "DEAD LETTERS"];
    parts.push(table(head, [[...row, `${deadLetters}`]]));
  }
  if (smtp) parts.push(describeDeliveries(smtp, table));
  if (queues) {
    const rows = Object.entries(queues).map(([name, counts]) => [
      name,
      ...STATES.map((state) => String(counts[state] ?? 0)),
    ]);
    parts.push(table(["QUEUE", ...STATES.map((state) => state.toUpperCase())], rows));
  }
  for (const name of pausedQueues ?? []) {
    parts.push(
      `The queue ${name} is paused: nothing in it moves until somebody resumes it on /queues.`,
    );
  }
  if (drift) {
    const { known, drifted } = drift;
    const differ = `${drifted.length} of ${known} competitions differ between Redis and Postgres (${commandLine("ops")} reconcile).`;
    const equal = `Redis equals Postgres in all ${known} competitions that it knows.`;
    parts.push(`Seats: ${drifted.length === 0 ? equal : differ}`);
  }
  if (lines) {
    const { waiting, owedSeats } = lines;
    const owed = owedSeats > 0 ? `, ${owedSeats} free seats are theirs and not given yet` : "";
    parts.push(`Lines: ${waiting} people wait${owed}.`);
  }
  const last = run && `last run ${run.at.toISOString()} for ${run.day}, ${run.written} written.`;
  parts.push(`Reminders: ${last ?? "no run is known."}`);
  return parts.join("\n\n");
}

async function countJobs(): Promise<Record<string, Record<string, number>>> {
  const counts: Record<string, Record<string, number>> = {};
  // One after the other: on a cluster they share a client, and the first one waits for it.
  for (const queue of [mailQueue(), scheduleQueue()]) {
    counts[queue.name] = await queue.getJobCounts(...STATES);
  }
  return counts;
}

async function findPaused(): Promise<string[]> {
  const paused: string[] = [];
  for (const queue of [mailQueue(), scheduleQueue()]) {
    if (await queue.isPaused()) paused.push(queue.name);
  }
  return paused;
}

async function countDrift(): Promise<{ known: number; drifted: string[] } | null> {
  const known = await findKnownCompetitions();
  const drifted = known && (await findLastingDrift(known));
  if (!drifted) return null;
  return { known: known.length, drifted: drifted.map(({ competitionId }) => competitionId) };
}
