import { previewReminders, utcDay, writeReminders } from "~/domain/reminders/index.server";
import { now } from "~/platform/clock";

/** How the commands lay out what people read. */
type Table = (head: string[], rows: string[][]) => string;

export interface RemindersAsked {
  date?: Date;
  dryRun?: boolean;
}

/**
 * `ops reminders run`: that day's run; with `dryRun` only the counts of it. Nobody gets the same
 * reminder twice. A day that is over is refused: nobody wants to be reminded of yesterday.
 */
export async function runReminders({ date, dryRun = false }: RemindersAsked, table: Table) {
  const today = utcDay(now());
  const day = date ? utcDay(date) : today;
  if (day < today) {
    const text = `${day} is over: it is ${today} in UTC, and reminders are for what is to come.`;
    return { exitCode: 1 as const, data: { status: "day_is_over", day, message: text }, text };
  }
  // Today's run leaves out what has begun.
  const moment = day === today ? now() : date;
  if (dryRun) return preview(day, moment, table);
  const { competitions, written } = await writeReminders({ date: moment });
  return {
    exitCode: 0 as const,
    data: { status: "written", day, competitions, written },
    text: `Run of ${day}: ${competitions} competitions start by the end of the day after, ${written} reminders written.`,
  };
}

async function preview(day: string, date: Date | undefined, table: Table) {
  const competitions = await previewReminders({ date });
  const toRemind = competitions.reduce((sum, each) => sum + each.toRemind, 0);
  const rows = competitions.map((each) => [
    each.id,
    each.startDate.toISOString(),
    String(each.registered),
    String(each.toRemind),
  ]);
  const sum = `Run of ${day}: ${toRemind} reminders would be written, for ${rows.length} competitions. Nothing was written.`;
  const head = ["COMPETITION", "STARTS", "REGISTERED", "TO REMIND"];
  return {
    exitCode: 0 as const,
    data: { status: "dry_run", day, toRemind, competitions },
    text: rows.length > 0 ? `${table(head, rows)}\n\n${sum}` : sum,
  };
}
