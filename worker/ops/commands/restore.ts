import { createInterface } from "node:readline/promises";
import { type Answer, done, refused } from "../cli";
import { findTarget, type Restored, restore, type Target } from "../restore";
import { describe, openBackup, orUnusable, readBackup, summary, tellProgress } from "./backup";

export interface RestoreOptions {
  replace?: boolean;
  yes?: boolean;
}

/** `ops restore FILE`: the whole file is looked at first, then everything happens or nothing. */
export async function restoreBackup(
  { replace = false, yes = false }: RestoreOptions,
  file: string,
): Promise<Answer> {
  // What comes by a pipe is looked at on its way into the transaction.
  const whole = file === "-" ? undefined : await readBackup(file);
  if (whole && "exitCode" in whole) return whole;
  const target = await findTarget();
  const refusal = refuseTarget(target, { replace, yes });
  if (refusal) return refusal;
  if (!target.isEmpty && !yes && !(await isConfirmed(target, file))) {
    return refused("not_confirmed", "Nothing was changed. To go on without being asked: --yes.");
  }
  const progress = tellProgress("written");
  const restored = await orUnusable(file, () =>
    restore(() => openBackup(file), { replace, progress }),
  );
  return "exitCode" in restored ? restored : answer(restored, file);
}

function refuseTarget(
  { database, isEmpty, sessions }: Target,
  { replace, yes }: { replace: boolean; yes: boolean },
): Answer | null {
  if (!isEmpty && !replace) return notEmpty(database);
  if (sessions.length === 0 || yes) return null;
  const who = sessions.map(({ application, count }) => `${application} (${count})`).join(", ");
  return refused(
    "connected",
    `Others are connected to ${database}: ${who}. Stop web and worker first; ` +
      "--yes goes on, for connections that a pooler keeps.",
  );
}

/** Whoever types the name knows which database they are about to empty. */
async function isConfirmed({ database }: Target, file: string): Promise<boolean> {
  if (!process.stdin.isTTY || file === "-") return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const asked = `This removes everything in ${database}. Type its name to go on: `;
    return (await terminal.question(asked)).trim() === database;
  } finally {
    terminal.close();
  }
}

function answer(restored: Restored, file: string): Answer {
  switch (restored.status) {
    case "restored": {
      const { leftOut } = restored;
      const others = leftOut.length > 0 ? ` Left out, being none of ours: ${leftOut}.` : "";
      return done(
        { status: "restored", file, ...summary(restored), leftOut },
        `${describe(restored)}\n\nRestored, and Redis emptied. Start web and worker now.${others}`,
      );
    }
    case "damaged":
      return refused("damaged", `${file} is damaged: ${restored.reason}. Nothing was changed.`);
    case "newer_backup":
      return refused(
        "newer_backup",
        `It is of a newer release: this one does not know ${restored.migrations.join(", ")}.`,
      );
    case "newer_database":
      return refused(
        "newer_database",
        `A newer release has migrated this database (${restored.migrations.join(", ")}): ` +
          "restore with that one, or into an empty database.",
      );
    case "not_empty":
      return notEmpty("The database");
    case "migrating":
      return refused("migrating", "A migration or another restore is running, or a backup.");
    case "redis_away":
      return refused(
        "redis_away",
        "Redis does not answer, and it would bring back what is no longer true. An empty one will do. " +
          "Nothing was changed.",
      );
  }
}

function notEmpty(database: string): Answer {
  return refused("not_empty", `${database} is not empty. To remove what it has: --replace.`);
}
