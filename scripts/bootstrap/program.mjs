import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { projectFolder } from "../services/places.mjs";
import { identify, stopGroup } from "../services/process.mjs";
import { readableLine } from "./log-line.mjs";

/**
 * A part of the application that runs beside this program.
 * @typedef {object} Program
 * @property {string} name
 * @property {() => import("../services/process.mjs").ProcessIdentity | null} identity
 * @property {Promise<never>} ended never resolves; rejects when it keeps dying
 * @property {(timeoutMs?: number) => Promise<void>} stop
 */

/** A program that dies more often than this within a minute is not started again. */
const MOST_RESTARTS = 3;

/**
 * Starts a program and keeps it running. What it prints is shown with its name in front.
 * @param {object} options
 * @param {string} options.name
 * @param {string[]} options.args for node
 * @param {Record<string, string>} options.env
 * @param {(line: string) => void} options.print
 * @param {() => void} [options.onStart] after each start
 * @returns {Program}
 */
export function startProgram({ name, args, env, print, onStart = () => {} }) {
  let stopping = false;
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  /** @type {number[]} */
  const deaths = [];

  const keepRunning = async () => {
    while (!stopping) {
      // In a group of its own: a Ctrl-C in the terminal must not end the worker before the web.
      child = spawn(process.execPath, args, {
        cwd: projectFolder,
        detached: true,
        env: /** @type {NodeJS.ProcessEnv} */ (env),
        stdio: ["ignore", "pipe", "pipe"],
      });
      showLines({ child, name, print });
      onStart();
      const how = await ending(child);
      if (stopping) break;
      deaths.push(Date.now());
      const recent = deaths.filter((at) => at > Date.now() - 60_000).length;
      if (recent > MOST_RESTARTS || wasRefusal(how)) {
        throw new Error(`The ${name} ended (${how}); its last lines are above.`);
      }
      print(`The ${name} ended (${how}); starting it again`);
      await delay(500 * recent);
    }
    return new Promise(() => {});
  };

  const ended = keepRunning();
  ended.catch(() => {});
  const identity = () => (child?.pid && child.exitCode === null ? identify(child.pid) : null);
  return {
    name,
    identity,
    ended: /** @type {Promise<never>} */ (ended),
    async stop(timeoutMs = 4000) {
      stopping = true;
      const running = identity();
      if (running) await stopGroup(running, { timeoutMs });
    },
  };
}

/** Exit code 1 is how our programs refuse their settings: the same again would end the same. */
const wasRefusal = (/** @type {string} */ how) => how === "exit code 1";

/** @param {import("node:child_process").ChildProcess} child */
function ending(child) {
  return /** @type {Promise<string>} */ (
    new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    })
  );
}

/** @param {{ child: import("node:child_process").ChildProcess, name: string, print: (line: string) => void }} from */
function showLines({ child, name, print }) {
  for (const input of [child.stdout, child.stderr]) {
    if (!input) continue;
    createInterface({ input }).on("line", (line) =>
      print(`${name.padEnd(6)} │ ${readableLine(line)}`),
    );
  }
}
