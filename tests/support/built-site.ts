import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { pickPort } from "../../scripts/services/ports.ts";

/** The built web and worker processes, and everything that they print. */
export interface BuiltSite {
  url: string;
  /** The worker's. */
  operatorUrl: string;
  /** The web's port for operators. */
  metricsUrl: string;
  /** What both have printed so far. */
  printed: () => string;
  stop: () => void;
}

/** Starts both as in production, on the test file's database and Redis. */
export async function startBuiltSite(settings: Record<string, string> = {}): Promise<BuiltSite> {
  await ensureBuild(() => {});
  const [port, workerPort, metricsPort] = [await pickPort(), await pickPort(), await pickPort()];
  const url = `http://127.0.0.1:${port}`;
  const children: ChildProcess[] = [];
  let printed = "";
  const listen = async (file: string) => {
    const child: ChildProcess = spawn(process.execPath, ["--enable-source-maps", file], {
      env: {
        ...process.env,
        NODE_ENV: "production",
        HOST: "127.0.0.1",
        PORT: String(port),
        PUBLIC_URL: url,
        WORKER_PORT: String(workerPort),
        METRICS_PORT: String(metricsPort),
        ...settings,
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    children.push(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        printed += chunk.toString("utf8");
      });
    }
    const ended = once(child, "exit").then(() => Promise.reject(new Error(printed)));
    await Promise.race([once(child, "message"), ended]);
    ended.catch(() => {});
  };
  const stop = () => {
    for (const child of children) child.kill("SIGKILL");
  };
  await Promise.all([listen("build/server.js"), listen("build/worker.js")]);
  return {
    url,
    operatorUrl: `http://127.0.0.1:${workerPort}`,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    printed: () => printed,
    stop,
  };
}
