import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { prettyFactory } from "pino-pretty";
import { projectFolder } from "../services/places.ts";
import { identify, type ProcessIdentity, stopGroup, waitFor } from "../services/process.ts";
import { urlOf } from "./ready.ts";
import { Refusal } from "./session.ts";
import type { Settings } from "./settings.ts";

/** A part of the application that runs beside this program. */
export interface Program {
  identity(): ProcessIdentity | null;
  /** Never resolves; rejects when it keeps dying. */
  ended: Promise<never>;
  stop(): Promise<void>;
}

interface ProgramOptions {
  name: string;
  /** For node. */
  args: string[];
  env: Settings;
  cwd?: string;
  print: (line: string) => void;
  /** Called after each start. */
  onStart?: () => void;
}

/** A program that dies more often than this within a minute is not started again. */
const MOST_RESTARTS = 3;

/** Each line has its program in front of it, and this machine has one build. */
const ignore = "pid,service,version";
const readableLine = prettyFactory({ translateTime: "HH:MM:ss", singleLine: true, ignore });

/** Starts a program and keeps it running. What it prints is shown with its name in front. */
export function startProgram(options: ProgramOptions): Program {
  const { name, args, env, cwd = projectFolder, print, onStart } = options;
  let stopping = false;
  let pid: number | undefined;
  const deaths: number[] = [];
  const show = function* (line: unknown) {
    print(`${name.padEnd(6)} │ ${readableLine(line as string).trimEnd()}`);
    yield* [];
  };
  // In a group of its own: a Ctrl-C in the terminal must not end the worker before the web.
  const group = { cwd, env, extendEnv: false, detached: true } as const;
  const output = { stdin: "ignore", stdout: show, stderr: show, reject: false } as const;

  const keepRunning = async (): Promise<never> => {
    while (!stopping) {
      const child = execa(process.execPath, args, { ...group, ...output });
      pid = child.pid;
      onStart?.();
      const { signal, exitCode } = await child;
      pid = undefined;
      const how = signal ?? `exit code ${exitCode}`;
      if (stopping) break;
      deaths.push(Date.now());
      const recent = deaths.filter((at) => at > Date.now() - 60_000).length;
      // Exit code 1 is how our programs refuse their settings: the next start would end the same.
      if (recent > MOST_RESTARTS || exitCode === 1) {
        throw new Refusal(`The ${name} ended (${how}); its last lines are above.`);
      }
      print(`The ${name} ended (${how}); starting it again`);
      await delay(250 * recent);
    }
    return new Promise(() => {});
  };

  const ended = keepRunning();
  ended.catch(() => {});
  const identity = () => (pid === undefined ? null : identify(pid));
  return {
    identity,
    ended,
    async stop() {
      stopping = true;
      const running = identity();
      const delayMs = Number(env.DRAIN_DELAY_S || 0) * 1000;
      if (running) await stopGroup(running, 4000 + delayMs);
    },
  };
}

/** Waits until a server of ours says that it is ready. */
export function waitUntilReady(port: number, host = "127.0.0.1"): Promise<boolean> {
  const url = `${urlOf(host, port)}/readyz`;
  const answersOk = async () => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await answer.body?.cancel();
    return answer.ok;
  };
  return waitFor(() => answersOk().catch(() => false), { timeoutMs: 60_000, everyMs: 100 });
}

/**
 * Runs a short program of ours to its end.
 *
 * @returns what it printed on its standard output
 */
export async function runToEnd(args: string[], failure: string, env: Settings): Promise<string> {
  const options = { cwd: projectFolder, env, extendEnv: false, all: true, reject: false } as const;
  const { failed, stdout, all, signal, exitCode } = await execa(process.execPath, args, options);
  if (failed) throw new Refusal(`${failure} (${signal ?? `exit code ${exitCode}`}):\n\n${all}`);
  return stdout.trim();
}
