/**
 * Shows what is going on: one line that is written over on a terminal, and a line each in a log.
 */
export function createProgress(out: NodeJS.WriteStream = process.stderr) {
  const startedAtMs = Date.now();
  return (text: string): void => {
    const seconds = String(Math.round((Date.now() - startedAtMs) / 1_000)).padStart(4);
    const line = `${seconds} s  ${text}`;
    if (out.isTTY) out.write(`\r\u001b[2K${line.slice(0, (out.columns ?? 80) - 1)}`);
    else out.write(`${line}\n`);
  };
}
