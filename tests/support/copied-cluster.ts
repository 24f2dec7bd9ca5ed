import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, projectFolder } from "../../scripts/services/places.ts";
import { startPostgres } from "../../scripts/services/postgres.ts";
import { findPrograms, unprivilegedAccount } from "../../scripts/services/postgres-program.ts";
import type { Service } from "../../scripts/services/server.ts";
import { readState, remember, whileLocked } from "../../scripts/services/state.ts";

const run = promisify(execFile);

/** How we make one. */
const EMPTY = ["scripts/services/postgres.ts", "scripts/services/postgres-program.ts"];

/**
 * Puts a database cluster where `startPostgres` finds it, as if it had made it before: a copy of one
 * that was made so once. Making one takes seconds of a processor, and the tests start dozens of
 * servers; `tests/faults/services.test.ts` sees to it that making one works.
 */
export function copyCluster(dataDir: string): Promise<void> {
  return copy(dataDir, { kind: "empty", of: EMPTY, prepare: async () => {} });
}

/** The same of one whose database the build, which must be there, has migrated. */
export function copyMigratedCluster(dataDir: string): Promise<void> {
  return copy(dataDir, { kind: "migrated", of: [...EMPTY, "build/.sources"], prepare: migrate });
}

interface Original {
  kind: string;
  /** Files with which it changes. */
  of: string[];
  prepare(server: Service): Promise<void>;
}

async function copy(dataDir: string, { kind, of, prepare }: Original): Promise<void> {
  const folder = join(cacheFolder, "clusters");
  const name = `${kind}-${fingerprint(of)}`;
  const original = join(folder, name, "postgres");
  await whileLocked(join(folder, kind), async () => {
    if (!existsSync(original)) {
      const old = readdirSync(folder).filter((one) => one.startsWith(`${kind}-`));
      for (const one of old) rmSync(join(folder, one), { recursive: true, force: true });
      await make(original, prepare);
    }
    // As it is: PostgreSQL may run as somebody else, whose files these are.
    await run("cp", ["-a", original, dataDir]);
  });
  const { password = "" } = readState(original);
  remember(dataDir, { password });
}

async function make(original: string, prepare: Original["prepare"]): Promise<void> {
  const draft = `${dirname(original)}.draft`;
  mkdirSync(draft, { recursive: true });
  const dataDir = join(draft, "postgres");
  const server = await startPostgres({ dataDir, settings: { fsync: "off" } });
  try {
    await prepare(server);
  } finally {
    await server.stop();
  }
  renameSync(draft, dirname(original));
}

async function migrate({ url }: Service): Promise<void> {
  const env = { ...process.env, NODE_ENV: "test", DATABASE_URL: url } as typeof process.env;
  await run(process.execPath, ["build/migrate.js"], { cwd: projectFolder, env });
}

/** Of these files, of the server that is installed, and of whom it runs as. */
function fingerprint(files: string[]): string {
  const hash = createHash("sha256").update(String(unprivilegedAccount()?.uid));
  hash.update(readFileSync(join(findPrograms(), "../../package.json")));
  for (const file of files) hash.update(readFileSync(join(projectFolder, file)));
  return hash.digest("hex").slice(0, 16);
}
