import * as z from "zod";
import { keyPrefix, tryRedis } from "~/platform/redis";
import { utcDay } from "./reminder-day";

const runSchema = z.object({
  /** The day that was run, in UTC. */
  day: z.string(),
  at: z.coerce.date(),
  competitions: z.coerce.number(),
  written: z.coerce.number(),
});

export type ReminderRun = z.infer<typeof runSchema>;

/**
 * Remembers the last run. In Redis, since losing it costs nothing: the day is run again, and
 * everybody already has their reminder.
 */
export async function rememberReminderRun({
  date,
  at,
  competitions,
  written,
}: {
  date: Date;
  at: Date;
  competitions: number;
  written: number;
}): Promise<void> {
  await tryRedis((client) =>
    client.hset(runKey(), { day: utcDay(date), at: at.toISOString(), competitions, written }),
  );
}

/** The last run, or null when Redis is away or knows of none. */
export async function findLastReminderRun(): Promise<ReminderRun | null> {
  const fields = await tryRedis((client) => client.hgetall(runKey()));
  const parsed = runSchema.safeParse(fields);
  return parsed.success ? parsed.data : null;
}

function runKey(): string {
  return `${keyPrefix()}:last-reminder-run`;
}
