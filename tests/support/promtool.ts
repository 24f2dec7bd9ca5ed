import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder, makeTemporaryFolder } from "../../scripts/services/places.ts";
import { whileLocked } from "../../scripts/services/state.ts";

const folder = join(cacheFolder, "promtool");
const unpacked = join(folder, "usr/bin/promtool");

/**
 * Prometheus' tool that judges rules: the system's, else the one in Debian's package (19 MB), fetched
 * once into .cache. Null where there is neither.
 */
export async function findPromtool(): Promise<string | null> {
  for (const program of ["promtool", unpacked]) if (await runs(program)) return program;
  const fetched = whileLocked(folder, async () => {
    if (!existsSync(unpacked)) await fetchPackage();
    return runs(unpacked);
  });
  return (await fetched.catch(() => false)) ? unpacked : null;
}

async function runs(program: string): Promise<boolean> {
  const { failed } = await execa(program, ["--version"], { reject: false });
  return !failed;
}

/** Needs no root: apt keeps its lists and the package in a folder of ours, and installs nothing. */
async function fetchPackage(): Promise<void> {
  const apt = makeTemporaryFolder("apt");
  try {
    for (const part of ["lists/partial", "cache/archives/partial"]) {
      mkdirSync(join(apt, part), { recursive: true });
    }
    const options = [
      `Dir::State::lists=${apt}/lists`,
      `Dir::Cache=${apt}/cache`,
      "Debug::NoLocking=true",
      "APT::Sandbox::User=",
      "Acquire::Languages=none",
      "Acquire::Retries=1",
    ].flatMap((option) => ["-o", option]);
    const run = execa({ cwd: apt, timeout: 120_000 });
    await run("apt-get", ["update", "-q", ...options]);
    await run("apt-get", ["download", "-q", ...options, "prometheus"]);
    mkdirSync(folder, { recursive: true });
    const archive = "dpkg-deb --fsys-tarfile prometheus_*.deb";
    await run("sh", ["-c", `${archive} | tar -x -C "$1" ./usr/bin/promtool`, "sh", folder]);
  } finally {
    rmSync(apt, { recursive: true, force: true });
  }
}
