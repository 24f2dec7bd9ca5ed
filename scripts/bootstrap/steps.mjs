import { spawn } from "node:child_process";
import { projectFolder } from "../services/places.mjs";
import { Refusal } from "./refusal.mjs";

/**
 * Runs a short program of ours to its end.
 * @param {{ args: string[], env: Record<string, string>, failure: string }} options args for node
 * @returns {Promise<string>} what it printed
 */
export function runToEnd({ args, env, failure }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: projectFolder,
      env: /** @type {NodeJS.ProcessEnv} */ (env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", reject).once("close", (code, signal) => {
      if (code === 0) return resolve(output.trim());
      reject(new Refusal(`${failure} (${signal ?? `exit code ${code}`}):\n\n${output.trim()}`));
    });
  });
}
