// Loaded before the build that is under test: switches failpoints on, lets the harness
// change the failpoints while the process runs, and sets the clock wrong where that is asked for.
// Plain JavaScript, as Node would load its compiler for TypeScript: a run starts a thousand of these.
import { flushCompileCache } from "node:module";

/** By then it has compiled what it starts with and what it serves with, milliseconds. */
const COMPILED_MS = 10_000;

Object.assign(globalThis, { __FAULTS__: true });

process.on("message", (message) => {
  if (typeof message === "object" && message && "failpoints" in message) {
    process.env.FAILPOINTS = String(message.failpoints);
  }
});
// Listening alone must not keep the process from ending; the harness's death must end it.
process.channel?.unref();
process.on("disconnect", () => process.exit(1));

// What one process has compiled, the next need not: into NODE_COMPILE_CACHE, where Node itself writes
// at an orderly end only.
setTimeout(flushCompileCache, COMPILED_MS).unref();

const offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);
if (offsetMs !== 0) {
  const RightDate = Date;
  globalThis.Date = /** @type {DateConstructor} */ (
    class extends RightDate {
      /** @param {unknown[]} given */
      constructor(...given) {
        if (given.length === 0) super(RightDate.now() + offsetMs);
        else super(.../** @type {[number]} */ (given));
      }
      /** @override */
      static now() {
        return RightDate.now() + offsetMs;
      }
    }
  );
}
