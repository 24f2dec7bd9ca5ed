import { parseArgs } from "node:util";
import { env } from "~/platform/env";
import type { Outcome } from "../outcome";
import { type SeedOptions, type SeedResult, writeSeed } from "./write-seed";

const USAGE = `usage: npm run seed [-- --if-empty | -- --without-demo-users --organizer EMAIL]

  --if-empty             write nothing into a database that has users
  --without-demo-users   write the five competitions only, without anybody registered,
  --organizer EMAIL      as those of this organizer, who has signed up before
`;

/** Runs `npm run seed` with these arguments. */
export async function seedCommand(args: string[]): Promise<Outcome> {
  const read = readOptions(args);
  if ("exitCode" in read) return read;
  const seeded = await writeSeed(read);
  const exitCode = seeded.status === "organizer_not_found" ? 1 : 0;
  return { exitCode, text: `${tell(seeded, read)}\n` };
}

function readOptions(args: string[]): SeedOptions | Outcome {
  try {
    const { values } = parseArgs({
      args,
      options: {
        "if-empty": { type: "boolean", default: false },
        "without-demo-users": { type: "boolean", default: false },
        organizer: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { exitCode: 0, text: USAGE };
    const organizer = values.organizer?.trim().toLowerCase();
    if (values["without-demo-users"] !== Boolean(organizer)) return { exitCode: 2, text: USAGE };
    return { ifEmpty: values["if-empty"], organizer };
  } catch (error) {
    return { exitCode: 2, text: `${error instanceof Error ? error.message : error}\n${USAGE}` };
  }
}

function tell(seeded: SeedResult, { ifEmpty }: SeedOptions): string {
  switch (seeded.status) {
    case "organizer_not_found":
      return "No organizer has this address: sign up first, or see `npm run ops -- user role`.";
    case "in_use":
      return `The database is in use: nothing written${movedAhead(seeded.moved)}.`;
    case "written": {
      const { users, competitions, registrations, moved } = seeded;
      const counts = `${users} users, ${competitions} competitions, ${registrations} registrations`;
      const isPublic = users > 0 && !ifEmpty && env().NODE_ENV === "production";
      return `Written: ${counts}${movedAhead(moved)}.${isPublic ? PUBLIC_PASSWORD : ""}`;
    }
  }
}

const PUBLIC_PASSWORD =
  "\nEverybody knows the demo users' password; --without-demo-users leaves them out.";

function movedAhead(moved: number): string {
  return moved > 0 ? `; ${moved} passed competitions moved ahead` : "";
}
