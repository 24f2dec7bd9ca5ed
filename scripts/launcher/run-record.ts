import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolder } from "../services/places.ts";
import { isRunning, ownIdentity, type ProcessIdentity, stopGroup } from "../services/process.ts";
import { Refusal } from "./session.ts";

/**
 * Which `up` or `dev` runs here, and its programs: so that a second one is refused, what a killed
 * one left behind is ended, and the operator's commands find its databases.
 */
export interface RunRecord {
  command: string;
  address: string;
  /** Of the databases, once they are there. */
  urls?: Record<string, string>;
  owner: ProcessIdentity;
  programs: ProcessIdentity[];
}

const file = join(dataFolder, "run.json");

/** Refuses when another `up` or `dev` runs here, and ends what a killed one left. */
export async function takeOver(log: (line: string) => void): Promise<void> {
  const { command, address, owner, programs } = readRecord() ?? { programs: [] };
  if (owner && isRunning(owner)) {
    throw new Refusal(
      `\`npm run ${command}\` already runs here, at ${address} (process ${owner.pid}).\n` +
        `  Stop it with Ctrl-C there, or: kill ${owner.pid}`,
    );
  }
  const left = programs.filter(isRunning);
  if (left.length > 0) log(`An earlier run was killed; ending the ${left.length} programs it left`);
  await Promise.all(left.map((program) => stopGroup(program, 3000)));
  forgetRun();
}

export function recordRun(run: Omit<RunRecord, "owner">): void {
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...run, owner: ownIdentity() }), { mode: 0o600 });
}

export function forgetRun(): void {
  rmSync(file, { force: true });
}

/** The `up` or `dev` that runs here at this moment, or null. */
export function findRun(): RunRecord | null {
  const run = readRecord();
  return run && isRunning(run.owner) ? run : null;
}

function readRecord(): RunRecord | null {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
