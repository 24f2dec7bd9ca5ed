import { log } from "./log";
import { singleton } from "./singleton";

/** Who writes a line of the log, or a span. */
export interface Program {
  service: string;
  version: string;
}

/**
 * Says which program this process is, for its log. Called before anything is logged, and before
 * another bundle of this process is loaded: its log begins with the same names.
 */
export function nameProgram(service: string): Program {
  const program = singleton("program", () => ({
    service,
    // Put in by scripts/build.ts.
    version: process.env.BUILD_VERSION ?? "development",
  }));
  log.setBindings(program);
  return program;
}
