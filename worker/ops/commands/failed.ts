import {
  findFailedJob,
  listFailedJobs,
  replayAllFailedJobs,
  replayFailedJob,
} from "~/domain/mail/index.server";
import { type Answer, done, refused } from "../cli";
import { table } from "../table";

/** `ops failed list`: the dead letters. */
export async function listFailed({ all = false }: { all?: boolean }): Promise<Answer> {
  const jobs = await listFailedJobs({ replayed: all, limit: 1_000 });
  const rows = jobs.map((job) => [
    job.id,
    toText(job.failedAt),
    job.jobName,
    toText(job.attempts),
    toText(job.replayedAt),
    firstLine(job.error),
  ]);
  const head = ["ID", "FAILED", "JOB", "ATTEMPTS", "REPLAYED", "ERROR"];
  return done(jobs, jobs.length === 0 ? "No failed jobs." : table(head, rows));
}

/** `ops failed show`: everything about one of them. */
export async function showFailed(_options: object, id: string): Promise<Answer> {
  const job = await findFailedJob({ id: id.toLowerCase() });
  if (!job) return notFound();
  const rows = Object.entries(job).map(([name, value]) => [name, toText(value)]);
  return done(job, table(["FIELD", "VALUE"], rows));
}

/** `ops failed replay ID`: its mail leaves again, under a new job. */
export async function replayFailed(id: string): Promise<Answer> {
  const replay = await replayFailedJob({ id: id.toLowerCase() });
  switch (replay.status) {
    case "not_found":
      return notFound();
    case "already_replayed":
      return refused(replay.status, "It was replayed before.");
    case "nothing_to_send":
      return done(replay, "Closed: there is nothing left to send.");
    case "replayed":
      return done(replay, "Replayed: the worker sends it within a second.");
  }
}

/** `ops failed replay --all` */
export async function replayAllFailed(): Promise<Answer> {
  const { replayed } = await replayAllFailedJobs();
  return done({ status: "replayed", replayed }, `Replayed: ${replayed}.`);
}

function notFound(): Answer {
  return refused("not_found", "No failed job has this id.");
}

function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function toText(value: unknown): string {
  if (value === null) return "-";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
