import { competitionsStarting } from "~/domain/competitions/index.server";
import { countReminders, orderReminders } from "~/domain/registration/index.server";
import { now } from "~/platform/clock";
import { reminderWindow } from "./reminder-day";
import { rememberReminderRun } from "./reminder-run";

/**
 * Orders a reminder for everybody who is registered for a competition that starts soon: later today or
 * tomorrow, in UTC. Run it as often as you like: each registration is reminded of each start once.
 *
 * @param date the moment of the run, by default now
 */
export async function writeReminders({ date = now() }: { date?: Date } = {}): Promise<{
  competitions: number;
  written: number;
}> {
  let competitions = 0;
  let written = 0;
  for await (const { id, startDate } of competitionsStarting(reminderWindow(date))) {
    competitions++;
    written += await orderReminders({ competitionId: id, startDate });
  }
  await rememberReminderRun({ date, at: now(), competitions, written });
  return { competitions, written };
}

/** How many people `writeReminders` would remind, by competition. Writes nothing. */
export async function previewReminders({ date = now() }: { date?: Date } = {}) {
  const all: { id: string; startDate: Date; registered: number; toRemind: number }[] = [];
  for await (const { id, startDate } of competitionsStarting(reminderWindow(date))) {
    all.push({ id, startDate, ...(await countReminders({ competitionId: id, startDate })) });
  }
  return all;
}
