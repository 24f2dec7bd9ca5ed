/** Shows what is going on: on a terminal in one line that changes, in a log line by line. */
export function createProgress(out: NodeJS.WriteStream = process.stderr) {
  const startedAtMs = Date.now();
  return (text: string): void => {
    const seconds = String(Math.round((Date.now() - startedAtMs) / 1_000)).padStart(4);
    const line = `${seconds} s  ${text}`;
    if (out.isTTY) out.write(`\r\u001b[2K${line.slice(0, (out.columns ?? 80) - 1)}`);
    else out.write(`${line}\n`);
  };
}
