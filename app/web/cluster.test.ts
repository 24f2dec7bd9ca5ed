import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { RUNS_TYPESCRIPT } from "../../tests/support/runs-typescript";

const PRIMARY = "tests/support/cluster-primary.ts";

// They start processes, which takes a busy machine a while.
vi.setConfig({ testTimeout: 60_000 });

interface Site {
  primary: ChildProcess;
  /** Asks once; the answer is the pid of whoever answered. */
  ask: (query?: string) => Promise<number>;
  /** The pids that answer now. */
  answering: () => Promise<Set<number>>;
  /** From now on a web process that starts ends at once, and leaves a file behind. */
  breakTheBuild: () => void;
  hasTriedToStart: () => boolean;
}

async function startSite({ broken = false } = {}): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "cluster-"));
  const flag = join(folder, "broken");
  const breakTheBuild = () => writeFileSync(flag, "");
  const hasTriedToStart = () => existsSync(`${flag}.tried`);
  if (broken) breakTheBuild();
  const primary = spawn(process.execPath, ["--import", RUNS_TYPESCRIPT, PRIMARY], {
    env: { ...process.env, LOG_LEVEL: "silent", BROKEN_BUILD: flag },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    if (primary.exitCode !== null || primary.signalCode !== null) return;
    primary.kill("SIGKILL");
    await once(primary, "exit");
  });
  const [message] = await Promise.race([once(primary, "message"), once(primary, "exit")]);
  const { listening } = Object(message);
  const ask = async (query = "") => {
    // A connection that is kept stays with the process that took it.
    const headers = { connection: "close" };
    // One that is handed to a process as it is killed is never answered.
    const signal = AbortSignal.timeout(5_000);
    const answer = await fetch(`http://127.0.0.1:${listening}/${query}`, { headers, signal });
    return Number(await answer.text());
  };
  const answering = async () => new Set(await Promise.all(Array.from({ length: 8 }, () => ask())));
  return { primary, ask, answering, breakTheBuild, hasTriedToStart };
}

describe("the supervisor of the web processes", () => {
  test("replaces one that was killed", async () => {
    const { answering } = await startSite();
    const before = await answering();
    expect(before.size).toBe(2);
    const [victim] = [...before];
    process.kill(Number(victim), "SIGKILL");
    await vi.waitFor(
      async () => {
        const now = await answering();
        expect(now.size).toBe(2);
        expect(now).not.toContain(victim);
      },
      { timeout: 50_000 },
    );
  });

  test("replaces all of them on SIGHUP, and nobody is turned away meanwhile", async () => {
    const { primary, ask, answering } = await startSite();
    const before = await answering();
    primary.kill("SIGHUP");
    await vi.waitFor(
      async () => {
        const now = new Set([await ask(), await ask(), await ask()]);
        expect([...now].filter((pid) => before.has(pid))).toEqual([]);
      },
      { timeout: 30_000, interval: 1 },
    );
  });

  test("keeps the old ones when the new build does not start", async () => {
    const { primary, answering, breakTheBuild, hasTriedToStart } = await startSite();
    const before = await answering();
    breakTheBuild();
    primary.kill("SIGHUP");
    await vi.waitUntil(hasTriedToStart, { timeout: 50_000 });
    for (let looks = 0; looks < 20; looks++) expect(await answering()).toEqual(before);
  });

  test("lets running requests finish on SIGTERM, then ends with 0", async () => {
    const { primary, ask } = await startSite();
    const slow = ask("?ms=500");
    await ask();
    primary.kill("SIGTERM");
    expect(await slow).toBeGreaterThan(0);
    expect(await once(primary, "exit")).toEqual([0, null]);
  });

  test("ends with 1 when they do not start in the first place", async () => {
    const { primary } = await startSite({ broken: true });
    if (primary.exitCode === null) await once(primary, "exit");
    expect(primary.exitCode).toBe(1);
  });
});
