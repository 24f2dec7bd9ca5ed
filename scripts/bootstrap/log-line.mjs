const LEVELS = new Map([
  [10, "trace"],
  [20, "debug"],
  [30, "info"],
  [40, "warn"],
  [50, "error"],
  [60, "fatal"],
]);

/**
 * A line of the application's log as people like to read it; any other line as it is.
 * @param {string} line
 * @returns {string}
 */
export function readableLine(line) {
  const entry = parse(line);
  if (!entry) return line;
  const { level, time, msg = "", err, ...rest } = entry;
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const details = Object.entries(rest).map(([key, value]) => `${key}=${asText(value)}`);
  const stack = err?.stack ? `\n${err.stack}` : "";
  return [clock, LEVELS.get(Number(level)) ?? level, msg, ...details].join(" ").trimEnd() + stack;
}

/** @param {string} line */
function parse(line) {
  if (!line.startsWith('{"level":')) return null;
  try {
    const entry = JSON.parse(line);
    return Number.isFinite(entry.time) ? entry : null;
  } catch {
    return null;
  }
}

/** @param {unknown} value */
function asText(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}
