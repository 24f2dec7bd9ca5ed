import { competitionsStarting } from "~/domain/competitions/index.server";
import { orderMailForConfirmed } from "~/domain/registration/index.server";
import { now } from "~/platform/clock";
import { reminderWindow } from "./reminder-day";
import { rememberReminderRun } from "./reminder-run";

/**
 * Orders a reminder for everybody who is registered for a competition that starts tomorrow. Run it
 * as often as you like: each registration is reminded of each start date once.
 *
 * @param date the day of the run, by default today; all days are in UTC
 */
export async function writeReminders({ date = now() }: { date?: Date } = {}): Promise<{
  competitions: number;
  written: number;
}> {
  let competitions = 0;
  let written = 0;
  for await (const { id, startDate } of competitionsStarting(reminderWindow(date))) {
    competitions++;
    written += await orderMailForConfirmed({
      competitionId: id,
      kind: "registration.reminder",
      occasion: startDate.toISOString(),
    });
  }
  await rememberReminderRun({ date, at: now(), competitions, written });
  return { competitions, written };
}
