import * as z from "zod";
import { roleSchema } from "~/domain/accounts/index.server";
import { DELIVERY_STATES, type DeliveryState } from "~/domain/mail/index.server";
import { type Outcome, parsedBy, refusalOfPostgres, runCli } from "../cli";
import { commandLine } from "../command-line";
import { doctor } from "../doctor";
import { listMail, replayMail } from "../mail";
import { type RemindersAsked, runReminders } from "../reminders";
import { table } from "../table";
import { backup, checkBackup } from "./backup";
import { changeRole } from "./everyday";
import { listFailed, replayAllFailed, replayFailed, showFailed } from "./failed";
import { reconcile } from "./reconcile";
import { type RestoreOptions, restoreBackup } from "./restore";
import { status } from "./status";

const id = parsedBy(z.guid());
const day = parsedBy(
  z.iso
    .date()
    .pipe(z.coerce.date())
    // As competitions have it: Postgres knows no day after the last one of that year.
    .refine((date) => date.getUTCFullYear() < 9999, "It must be before the year 9999."),
);
const deliveryState = parsedBy(z.enum(DELIVERY_STATES));
const role = parsedBy(z.string().toUpperCase().pipe(roleSchema));

/** Runs `npm run ops` with these arguments. */
export function opsCommand(args: string[]): Promise<Outcome> {
  return runCli(
    { name: commandLine("ops"), args, refusalOf: refusalOfPostgres },
    (program, ends) => {
      program
        .command("status")
        .description("services, queues, outbox, drift, the last reminder run")
        .action(ends(status));

      program
        .command("doctor")
        .description("is everything fit to serve? ends with 1 when anything is bad")
        .action(ends(() => doctor(table)));

      const failed = program.command("failed").description("jobs that failed for good");
      failed
        .command("list")
        .description("those that nobody has replayed")
        .option("--all", "the replayed ones too")
        .action(ends(listFailed));
      failed
        .command("show")
        .description("everything about one of them")
        .argument("<id>", "", id)
        .action(ends(showFailed));
      failed
        .command("replay")
        .description("sends the mail of one of them, or of all, again")
        .argument("[id]", "", id)
        .option("--all", "all that nobody has replayed")
        .action(
          ends(({ all = false }: { all?: boolean }, jobId?: string) => {
            if (all === (jobId !== undefined)) program.error("error: replay takes an id or --all");
            return jobId ? replayFailed(jobId) : replayAllFailed();
          }),
        );

      const mail = program.command("mail").description("mail on its way to the SMTP server");
      mail
        .command("list")
        .description("what has not left: queued, refused, unknown")
        .option("--state <state>", DELIVERY_STATES.join(", "), deliveryState)
        .action(ends((options: { state?: DeliveryState }) => listMail(options, table)));
      mail
        .command("replay")
        .description("sends one again that was refused, or that nobody knows about")
        .argument("<id>", "", id)
        .action(ends((_options: object, mailId: string) => replayMail(mailId)));

      program
        .command("reconcile")
        .description("makes Redis equal to Postgres")
        .argument("[competition]", "only this one", id)
        .option("--check", "only look, and end with 1 when they differ")
        .action(ends(reconcile));
      program
        .command("reminders")
        .description("reminders of what starts soon")
        .command("run")
        .description("writes the reminders of a day's run, today's by default")
        .option("--date <day>", "YYYY-MM-DD, today or later", day)
        .option("--dry-run", "only count who would be reminded")
        .action(ends((options: RemindersAsked) => runReminders(options, table)));
      program
        .command("backup")
        .description("writes what Postgres has into a new file; - is standard output")
        .argument("<file>")
        .action(ends(backup));
      program
        .command("restore")
        .description("makes the database what a backup says; - is standard input")
        .argument("<file>")
        .option("--check", "only look whether the file is whole")
        .option("--replace", "remove what the database has")
        .option("--yes", "do not ask, and go on while others are connected")
        .action(
          ends(
            ({ check = false, ...options }: RestoreOptions & { check?: boolean }, file: string) =>
              check ? checkBackup(file) : restoreBackup(options, file),
          ),
        );
      program
        .command("user")
        .description("users")
        .command("role")
        .description("makes somebody a PARTICIPANT or an ORGANIZER")
        .argument("<email>")
        .argument("<role>", "", role)
        .action(ends(changeRole));
    },
  );
}
