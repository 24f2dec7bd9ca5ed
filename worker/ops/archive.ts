import { createHash, type Hash } from "node:crypto";
import { Readable, type Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { pack as packTar, extract as untar } from "tar-stream";
import * as z from "zod";
import { OwnError } from "~/platform/own-error";

/** A table's rows are cut into files of about this size, bytes: tar wants to know it before. */
const FILE_BYTES = 4 * 1024 ** 2;
/** No file that we write is longer, bytes. */
const MOST_BYTES = 16 * FILE_BYTES;
const FORMAT = "mini-compete-backup";
const VERSION = 1;

const headerSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  product: z.string(),
  createdAt: z.iso.datetime(),
  postgres: z.string(),
  migrations: z.array(z.string()).min(1),
  /** In an order in which each comes after those that it refers to. */
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).min(1) })),
});

const endSchema = z.object({
  tables: z.record(
    z.string(),
    z.object({ rows: z.number(), bytes: z.number(), sha256: z.string() }),
  ),
  /** The last value of each sequence that was ever used. */
  sequences: z.record(z.string(), z.string()),
});

/** The first file of a backup: what it is a backup of. */
export type BackupHeader = z.infer<typeof headerSchema>;
/** The last one, without which it is not complete. */
export type BackupEnd = z.infer<typeof endSchema>;

/** A file that is no backup, or not a whole one. */
export class DamagedBackup extends OwnError {
  override name = "DamagedBackup";
}

/** Rows as COPY writes them, and how many there were once they have all been read. */
export interface TableRows {
  rows: AsyncIterable<Buffer>;
  count: () => number;
}

/**
 * Writes a backup: a tar archive, compressed by gzip, of `header.json`, the rows of each table as
 * `table/000001.copy` and so on, and `end.json`. Holds one such file in memory at a time.
 *
 * @param rowsOf the rows of a table; asked for one table after the other
 * @param sequences their last values, asked for after the last table
 */
export async function writeArchive(
  target: Writable,
  from: {
    header: Omit<BackupHeader, "format" | "version">;
    rowsOf: (table: BackupHeader["tables"][number]) => TableRows;
    sequences: () => Promise<BackupEnd["sequences"]>;
  },
): Promise<{ header: BackupHeader; end: BackupEnd }> {
  const header: BackupHeader = { format: FORMAT, version: VERSION, ...from.header };
  const tar = packTar();
  // Standard output cannot be closed.
  const end = target !== process.stdout;
  const written = pipeline(Readable.from(tar), createGzip(), target, { end });
  written.catch(() => {});
  const put = (name: string, data: Buffer) =>
    Promise.race([
      written,
      new Promise<void>((resolve, reject) => {
        tar.entry({ name, mode: 0o600 }, data, (error) => (error ? reject(error) : resolve()));
      }),
    ]);
  try {
    await put("header.json", toJson(header));
    const tables: BackupEnd["tables"] = {};
    for (const table of header.tables) {
      const { rows, count } = from.rowsOf(table);
      const sum = { bytes: 0, hash: createHash("sha256"), files: 0 };
      for await (const data of inFiles(rows)) {
        await put(`${table.name}/${String(++sum.files).padStart(6, "0")}.copy`, data);
        sum.bytes += data.length;
        sum.hash.update(data);
      }
      tables[table.name] = { rows: count(), bytes: sum.bytes, sha256: sum.hash.digest("hex") };
    }
    const last = { tables, sequences: await from.sequences() };
    await put("end.json", toJson(last));
    tar.finalize();
    await written;
    return { header, end: last };
  } catch (error) {
    tar.destroy();
    throw error;
  }
}

/**
 * Reads a backup from its beginning to its end, and compares every table with its checksum.
 *
 * @param work what to do with the rows of a table, by default nothing; called table by table
 * @throws DamagedBackup at the first thing that is not as it was written, after `work` may have had rows
 */
export async function readArchive(
  source: Readable,
  work: {
    begin?: (header: BackupHeader) => Promise<void>;
    table?: (table: BackupHeader["tables"][number], rows: AsyncIterable<Buffer>) => Promise<void>;
  } = {},
): Promise<{ header: BackupHeader; end: BackupEnd }> {
  const files = filesOf(source);
  try {
    let file = await files.next();
    const header = parse(headerSchema, file.value, "header.json");
    await work.begin?.(header);
    file = await files.next();
    const sums: Record<string, { bytes: number; sha256: string }> = {};
    for (const table of header.tables) {
      const sum = { bytes: 0, hash: createHash("sha256") };
      const isOfTable = () => file.value?.name.startsWith(`${table.name}/`) === true;
      async function* rows() {
        while (isOfTable() && file.value) {
          add(sum, file.value.data);
          yield file.value.data;
          file = await files.next();
        }
      }
      await (work.table ?? drain)(table, rows());
      sums[table.name] = { bytes: sum.bytes, sha256: sum.hash.digest("hex") };
    }
    const end = parse(endSchema, file.value, "end.json");
    for (const { name } of header.tables) {
      const { bytes, sha256 } = end.tables[name] ?? {};
      if (sums[name]?.bytes !== bytes || sums[name]?.sha256 !== sha256) {
        throw new DamagedBackup(`the rows of ${name} are not those that were written`);
      }
    }
    if (!(await files.next()).done) throw new DamagedBackup("it goes on after its end");
    return { header, end };
  } finally {
    await files.return(undefined);
  }
}

interface ArchiveFile {
  name: string;
  data: Buffer;
}

async function* filesOf(source: Readable): AsyncGenerator<ArchiveFile, undefined> {
  const tar = untar();
  const unzipped = createGunzip();
  let unreadable: Error | undefined;
  source.on("error", (error) => {
    unreadable = error;
    unzipped.destroy(error);
  });
  unzipped.on("error", (error) => tar.destroy(error));
  source.pipe(unzipped).pipe(tar);
  try {
    for await (const entry of tar) {
      const { name, size = 0 } = entry.header;
      if (size > MOST_BYTES) throw new DamagedBackup(`it holds a file of ${size} bytes`);
      const parts: Buffer[] = [];
      for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
      yield { name, data: Buffer.concat(parts) };
    }
  } catch (error) {
    if (error instanceof DamagedBackup) throw error;
    if (unreadable) throw unreadable;
    throw new DamagedBackup(
      "it cannot be unpacked: it was cut off or changed, or it never was a backup",
      { cause: error },
    );
  } finally {
    source.destroy();
    unzipped.destroy();
  }
}

/** Gathers rows until there are enough for a file. */
async function* inFiles(rows: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of rows) {
    parts.push(part);
    bytes += part.length;
    if (bytes < FILE_BYTES) continue;
    yield Buffer.concat(parts);
    parts = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

function add(sum: { bytes: number; hash: Hash }, data: Buffer): void {
  sum.bytes += data.length;
  sum.hash.update(data);
}

async function drain(_table: unknown, rows: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of rows);
}

function toJson(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

function parse<T>(schema: z.ZodType<T>, file: ArchiveFile | undefined, name: string): T {
  if (file?.name !== name) {
    throw new DamagedBackup(`${name} is not where it belongs: it is no backup, or a part of one`);
  }
  const parsed = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue("not JSON");
        return z.NEVER;
      }
    })
    .pipe(schema)
    .safeParse(file.data.toString("utf8"));
  if (parsed.success) return parsed.data;
  throw new DamagedBackup(`${name} says nothing that this release understands`);
}
