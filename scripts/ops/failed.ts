import {
  findFailedJob,
  listFailedJobs,
  replayAllFailedJobs,
  replayFailedJob,
} from "~/domain/mail/index.server";
import { done, type Outcome, refused } from "../outcome";
import { table } from "./table";

/** `ops failed list`: the dead letters; with `--all` also those that were replayed. */
export async function listFailed({ json, all }: { json: boolean; all: boolean }): Promise<Outcome> {
  const jobs = await listFailedJobs({ replayed: all, limit: 1_000 });
  const rows = jobs.map((job) => [
    job.id,
    job.failedAt.toISOString(),
    job.jobName,
    String(job.attempts),
    job.replayedAt?.toISOString() ?? "-",
    firstLine(job.error),
  ]);
  const text =
    jobs.length === 0
      ? "No failed jobs."
      : table(["ID", "FAILED", "JOB", "ATTEMPTS", "REPLAYED", "ERROR"], rows);
  return done({ json, data: jobs, text });
}

/** `ops failed show ID`: everything about one of them. */
export async function showFailed({ json, id }: { json: boolean; id: string }): Promise<Outcome> {
  const job = await findFailedJob({ id });
  if (!job) return notFound(json);
  const rows = Object.entries(job).map(([name, value]) => [name, toText(value)]);
  return done({ json, data: job, text: table(["FIELD", "VALUE"], rows) });
}

/** `ops failed replay ID`: its mail leaves again, under a new job. */
export async function replayFailed({ json, id }: { json: boolean; id: string }): Promise<Outcome> {
  const replay = await replayFailedJob({ id });
  switch (replay.status) {
    case "not_found":
      return notFound(json);
    case "already_replayed":
      return refused({ json, status: replay.status, text: "It was replayed before." });
    case "nothing_to_send":
      return done({ json, data: replay, text: "Closed: there is nothing left to send." });
    case "replayed":
      return done({ json, data: replay, text: "Replayed: the worker sends it within a second." });
  }
}

/** `ops failed replay --all`: all that nobody has replayed. */
export async function replayAllFailed({ json }: { json: boolean }): Promise<Outcome> {
  const { replayed } = await replayAllFailedJobs();
  return done({ json, data: { status: "replayed", replayed }, text: `Replayed: ${replayed}.` });
}

function notFound(json: boolean): Outcome {
  return refused({ json, status: "not_found", text: "No failed job has this id." });
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
