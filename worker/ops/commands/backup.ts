import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { shellWord } from "~/platform/shell-word";
import { type BackupEnd, type BackupHeader, DamagedBackup, readArchive } from "../archive";
import { backUp, backUpTo, type Progress } from "../backup";
import { type Answer, done, refused } from "../cli";
import { table } from "../table";

/** `ops backup FILE`: what Postgres has at one instant, while the system runs. */
export async function backup(_options: object, file: string): Promise<Answer> {
  const isAside = file === "-";
  const progress = tellProgress("copied");
  const result = await orUnusable(file, () =>
    isAside ? backUpTo(process.stdout, progress) : backUp(file, progress),
  );
  if ("exitCode" in result) return { ...result, isAside };
  switch (result.status) {
    case "exists":
      return refused("exists", `${file} exists already, and no backup is written over another.`);
    case "not_migrated":
      return { ...refused("not_migrated", "The database has no tables of ours yet."), isAside };
    case "written": {
      const where = isAside
        ? "Written."
        : `Written to ${shellWord(file)}, which only its owner may read.`;
      const data = { status: "written", file, ...summary(result) };
      return { ...done(data, `${describe(result)}\n\n${where}`), isAside };
    }
  }
}

/** `ops restore FILE --check`: whether every byte is as it was written. */
export async function checkBackup(file: string): Promise<Answer> {
  const read = await readBackup(file);
  if ("exitCode" in read) return read;
  return done({ status: "whole", file, ...summary(read) }, `${describe(read)}\n\nIt is whole.`);
}

/** Reads a file to its end; a refusal where it cannot be read, or is not as it was written. */
export function readBackup(file: string) {
  return orUnusable(file, () => readArchive(openBackup(file)));
}

export function openBackup(file: string): Readable {
  return file === "-" ? process.stdin : createReadStream(file);
}

/** What `work` returns; a refusal where the file cannot be used. */
export async function orUnusable<T>(file: string, work: () => Promise<T>): Promise<T | Answer> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DamagedBackup) {
      return refused("damaged", `${file} is damaged: ${error.message}. Nothing was changed.`);
    }
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!OF_FILES.test(code)) throw error;
    return refused("unusable", `${file} cannot be used (${code}).`);
  }
}

/** What a file system refuses, and no connection does. */
const OF_FILES = /^E(NOENT|ACCES|PERM|ISDIR|NOTDIR|NOSPC|DQUOT|ROFS|FBIG|IO|EXIST)$/;

interface Described {
  header: BackupHeader;
  end: BackupEnd;
}

export function summary({ header, end }: Described) {
  const { product, createdAt, postgres, migrations } = header;
  return { createdAt, product, postgres, migration: migrations.at(-1), tables: end.tables };
}

export function describe({ header, end }: Described): string {
  const rows = Object.entries(end.tables).map(([name, { rows, bytes }]) => [
    name,
    rows.toLocaleString("en"),
    bytes.toLocaleString("en"),
  ]);
  const { createdAt, product, postgres, migrations } = header;
  return [
    `Backup of ${createdAt}, release ${product}, PostgreSQL ${postgres}, ${migrations.at(-1)}`,
    table(["TABLE", "ROWS", "BYTES"], rows, { figures: true }),
  ].join("\n\n");
}

/** How often long work says how far it is, milliseconds. */
const TOLD_EVERY_MS = 3_000;

/** Tells people how far it is, beside the result; work that is soon done says nothing. */
export function tellProgress(done: string): Progress {
  const total = new Map<string, number>();
  let toldAt = performance.now();
  return (name, bytes) => {
    const sum = (total.get(name) ?? 0) + bytes;
    total.set(name, sum);
    if (performance.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = performance.now();
    process.stderr.write(`${name}: ${Math.round(sum / 1024 ** 2)} MB ${done}\n`);
  };
}
