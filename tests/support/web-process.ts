import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished, vi } from "vitest";
import { pickPort } from "../../scripts/services/ports.ts";

export interface WebProcess {
  port: number;
  signal: (name: NodeJS.Signals) => void;
  /** Waits until it has printed this. */
  printed: (text: string) => Promise<void>;
  /** How it ended: a signal's name or an exit code. */
  ended: Promise<string | number | null>;
}

/** Starts the built web server as in production, on the test file's database; it ends with the test. */
export async function startWeb(settings: Record<string, string> = {}): Promise<WebProcess> {
  const port = await pickPort();
  const child: ChildProcess = spawn(process.execPath, ["--enable-source-maps", "build/server.js"], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      LOG_LEVEL: "info",
      HOST: "127.0.0.1",
      PORT: String(port),
      ...settings,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString("utf8");
    });
  }
  const ended = once(child, "exit").then(([code, signal]) => signal ?? code);
  onTestFinished(() => void child.kill("SIGKILL"));
  const started = await Promise.race([once(child, "message"), ended]);
  if (!Array.isArray(started)) throw new Error(`the web server ended (${started}):\n${output}`);
  return {
    port,
    signal: (name) => void child.kill(name),
    printed: (text) =>
      vi.waitFor(
        () => {
          if (!output.includes(text)) throw new Error(`not printed: ${text}\n${output}`);
        },
        // It may be told to start others.
        { timeout: 120_000, interval: 20 },
      ),
    ended,
  };
}
