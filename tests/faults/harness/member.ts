import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface Launch {
  /** Where the build is: the project, or a copy that lacks a guard. */
  folder: string;
  /** `build/server.js` or `build/worker.js`. */
  program: string;
  env: Record<string, string>;
}

const FAULT_PROCESS = new URL("fault-process.mjs", import.meta.url).href;
const READY_MS = 60_000;
const OUTPUT_KEPT = 4_000;

/**
 * One web or worker process of the production build, started again whenever it dies, as a
 * supervisor would.
 */
export class Member {
  /** Deaths by SIGKILL: ours, and those of failpoints. */
  kills = 0;
  /** Endings that nobody caused: a defect. With the last of what was printed. */
  readonly crashes: string[] = [];
  private child: ChildProcess | undefined;
  private wanted = false;
  private isReady = Promise.resolve();
  private failpoints = "";
  private launch: Launch;

  constructor(launch: Launch) {
    this.launch = launch;
  }

  /** Starts it, of another build if one is given, and waits until it serves. */
  async start(folder = this.launch.folder): Promise<void> {
    this.launch = { ...this.launch, folder };
    this.wanted = true;
    this.spawn();
    await this.ready();
  }

  /** Waits until it serves, through any number of deaths. */
  async ready(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.isReady) {
      seen = this.isReady;
      await seen;
    }
  }

  /** SIGKILL. False while it is not running. */
  kill(): boolean {
    return this.child?.kill("SIGKILL") ?? false;
  }

  /** From now on it may die or stall at these places; none when empty. */
  setFailpoints(list: string): void {
    this.failpoints = list;
    const { child } = this;
    if (child?.connected) child.send({ failpoints: list }, () => {});
  }

  /** Stops it in order. */
  async stop(): Promise<void> {
    this.wanted = false;
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const tooLong = setTimeout(() => {
      this.crashes.push(`${this.launch.program} did not stop within 10 s`);
      child.kill("SIGKILL");
    }, 10_000);
    await ended;
    clearTimeout(tooLong);
  }

  private spawn(): void {
    const { folder, program, env } = this.launch;
    const child = spawn(process.execPath, ["--import", FAULT_PROCESS, program], {
      cwd: folder,
      env: { ...process.env, ...env, FAILPOINTS: this.failpoints },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.child = child;
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        printed = (printed + chunk).slice(-OUTPUT_KEPT);
      });
    }
    this.isReady = new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        this.crashes.push(`${program} was not ready within ${READY_MS} ms:\n${printed}`);
        resolve();
      }, READY_MS);
      const settle = () => {
        clearTimeout(giveUp);
        resolve();
      };
      child.once("message", settle).once("exit", (code, signal) => {
        if (signal === "SIGKILL") this.kills++;
        else if (this.wanted) {
          this.crashes.push(`${program} ended by itself (${signal ?? code}):\n${printed}`);
        }
        if (this.wanted) this.spawn();
        settle();
      });
    });
  }
}
