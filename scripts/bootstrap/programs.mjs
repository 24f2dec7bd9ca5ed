import { startProgram } from "./program.mjs";
import { recordRun } from "./run-record.mjs";

/**
 * Starts the worker and the web server, and keeps on record which processes they are. In this
 * order: what is started last is stopped first, and the web server must go before the worker.
 * @param {object} options
 * @param {string[]} options.worker arguments for node
 * @param {string[]} options.web arguments for node
 * @param {Omit<import("./run-record.mjs").RunRecord, "owner" | "programs">} options.run
 * @param {Record<string, string>} options.env
 * @param {(line: string) => void} options.log
 * @returns {import("./program.mjs").Program[]}
 */
export function startPrograms({ worker, web, run, env, log }) {
  /** @type {import("./program.mjs").Program[]} */
  const programs = [];
  const onStart = () => {
    recordRun({ ...run, programs: programs.flatMap((program) => program.identity() ?? []) });
  };
  for (const [name, args] of Object.entries({ worker, web })) {
    programs.push(startProgram({ name, args, env, print: log, onStart }));
    onStart();
  }
  return programs;
}
