import { keptAs, logIn } from "~/domain/accounts/index.server";
import { env } from "~/platform/env";
import {
  type Answer,
  done,
  type Outcome,
  refusalOfPostgres,
  refused,
  runCli,
} from "../../worker/ops/cli.ts";
import { commandLine } from "../../worker/ops/command-line";
import { DEMO_PASSWORD } from "./data.ts";
import { writeSeed } from "./write-seed.ts";

interface Flags {
  ifEmpty?: boolean;
  withoutDemoUsers?: boolean;
  organizer?: string;
}

/** Runs `npm run seed` with these arguments. */
export function seedCommand(args: string[]): Promise<Outcome> {
  return runCli(
    { name: commandLine("seed"), args, refusalOf: refusalOfPostgres },
    (program, ends) => {
      program
        .option("--if-empty", "write nothing into a database that has users")
        .option("--without-demo-users", "only the competitions, without anybody registered,")
        .option("--organizer <email>", "as those of this organizer, who has signed up before")
        .action(
          ends(({ ifEmpty = false, withoutDemoUsers = false, organizer: given = "" }: Flags) => {
            const organizer = keptAs(given) || undefined;
            if (withoutDemoUsers !== (organizer !== undefined)) {
              program.error("error: --without-demo-users and --organizer go together");
            }
            return seed({ ifEmpty, organizer });
          }),
        );
    },
  );
}

async function seed(options: { ifEmpty: boolean; organizer?: string }): Promise<Answer> {
  const seeded = await writeSeed(options);
  if (seeded.status === "organizer_not_found") {
    const text = `No organizer has this address: sign up first, or see ${commandLine("ops")} user role.`;
    return refused(seeded.status, text);
  }
  const say = async (text: string) =>
    done({ ...seeded, message: text, logIns: await findLogIns() }, text);
  const moved = seeded.moved > 0 ? `; ${seeded.moved} passed competitions moved ahead` : "";
  if (seeded.status === "in_use") {
    return say(`The database is in use: nothing written${moved}.`);
  }
  const { users, competitions, registrations } = seeded;
  const counts = `${users} users, ${competitions} competitions, ${registrations} registrations`;
  const isPublic = users > 0 && !options.ifEmpty && env().NODE_ENV === "production";
  return say(`Written: ${counts}${moved}.${isPublic ? PUBLIC_PASSWORD : ""}`);
}

/** An organizer and a participant of the seed who can log in: somebody may have changed them. */
async function findLogIns() {
  const found = await Promise.all(
    ["alice@organizer.com", "charlie@participant.com"].map((email) =>
      logIn({ email, password: DEMO_PASSWORD }),
    ),
  );
  return found.flatMap((each) =>
    each.status === "ok"
      ? { role: each.user.role, email: each.user.email, password: DEMO_PASSWORD }
      : [],
  );
}

const PUBLIC_PASSWORD =
  "\nEverybody knows the demo users' password; --without-demo-users leaves them out.";
