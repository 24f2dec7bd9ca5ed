import { type Role, setRole } from "~/domain/accounts/index.server";
import { utcDay, writeReminders } from "~/domain/reminders/index.server";
import { now } from "~/platform/clock";
import { type Answer, done, refused } from "../cli.ts";

/** `ops reminders run`: that day's run. Nobody gets the same reminder twice. */
export async function runReminders({ date = now() }: { date?: Date }): Promise<Answer> {
  const { competitions, written } = await writeReminders({ date });
  const day = utcDay(date);
  return done(
    { status: "written", day, competitions, written },
    `Run of ${day}: ${competitions} competitions start the day after, ${written} reminders written.`,
  );
}

/** `ops user role`: makes somebody an organizer, or a participant again. */
export async function changeRole(_options: object, email: string, role: Role): Promise<Answer> {
  const result = await setRole({ email, role });
  if (result.status === "not_found") return refused("not_found", "Nobody has this address.");
  const { user } = result;
  return done({ status: "changed", user }, `${user.name} (${user.email}) is ${user.role} now.`);
}
