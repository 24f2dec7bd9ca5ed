import { env } from "~/platform/env";
import { database } from "~/platform/orm";
import { firstGenerationName } from "~/platform/postgres";

/** What was found is believed for this long, milliseconds. */
const BELIEVED_FOR_MS = 1_000;

let found: { at: number; older: boolean } | undefined;
let looking: Promise<boolean> | undefined;

/**
 * Whether people may join lines: not while the operator says so, and not while a process of the release
 * before, which knows no line and would let others walk past it, is connected to the database. Nobody
 * waits for the look but the first who asks.
 */
export async function isLineOpen(): Promise<boolean> {
  if (env().WAITLIST === "off") return false;
  if (!found || performance.now() - found.at > BELIEVED_FOR_MS) looking ??= look();
  return !(found ? found.older : await looking);
}

async function look(): Promise<boolean> {
  const at = performance.now();
  try {
    const [row] = await database().execute<{ older: boolean }[]>(
      `select exists (select from pg_stat_activity
         where datname = current_database() and application_name = ?) as older`,
      [firstGenerationName()],
    );
    found = { at, older: row?.older ?? false };
  } catch {
    // Whoever is to join meets the database again, and hears what is wrong with it.
    found = { at, older: found?.older ?? false };
  } finally {
    looking = undefined;
  }
  return found.older;
}
