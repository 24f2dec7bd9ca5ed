import { utcDay, writeReminders } from "~/domain/reminders/index.server";
import { now } from "~/platform/clock";
import { done, type Outcome } from "../outcome";

/** `ops reminders run [--date D]`: the run of that day, by default today's. Reminds nobody twice. */
export async function runReminders({
  json,
  date = now(),
}: {
  json: boolean;
  date?: Date;
}): Promise<Outcome> {
  const { competitions, written } = await writeReminders({ date });
  const day = utcDay(date);
  return done({
    json,
    data: { status: "written", day, competitions, written },
    text: `Run of ${day}: ${competitions} competitions start the day after, ${written} reminders written.`,
  });
}
