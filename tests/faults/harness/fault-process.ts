// Loaded before the build that is under test: switches failpoints on, lets the harness
// change the failpoints while the process runs, and sets the clock wrong where that is asked for.
Object.assign(globalThis, { __FAULTS__: true });

process.on("message", (message) => {
  if (typeof message === "object" && message && "failpoints" in message) {
    process.env.FAILPOINTS = String(message.failpoints);
  }
});
// Listening alone must not keep the process from ending; the harness's death must end it.
process.channel?.unref();
process.on("disconnect", () => process.exit(1));

const offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);
if (offsetMs !== 0) {
  const RightDate = Date;
  globalThis.Date = class extends RightDate {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(RightDate.now() + offsetMs);
      else super(...(given as [number]));
    }
    static override now(): number {
      return RightDate.now() + offsetMs;
    }
  } as DateConstructor;
}
