import * as fs from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder, makeTemporaryFolder } from "./places.ts";
import { whileLocked } from "./state.ts";

interface Wanted<T> {
  name: string;
  /** Debian's and Ubuntu's. */
  package: string;
  /** Finds the program in the unpacked package, or throws. */
  find(folder: string): T;
  log(line: string): void;
}

/** A program from a package of the system's. It needs no root: apt downloads it for us alone. */
export function downloadedProgram<T>({ name, find, log, ...wanted }: Wanted<T>): Promise<T> {
  const folder = join(cacheFolder, name);
  return whileLocked(folder, async () => {
    try {
      return find(folder);
    } catch {
      // Not there yet, or unpacked by another system.
    }
    log(`${name}: none here, downloading the system's package into .cache (nothing is installed)`);
    const draft = `${folder}.draft`;
    const apt = makeTemporaryFolder("apt");
    try {
      for (const path of [draft, folder]) fs.rmSync(path, { recursive: true, force: true });
      await unpackPackage(wanted.package, { into: draft, apt });
      fs.renameSync(draft, folder);
      return find(folder);
    } finally {
      fs.rmSync(apt, { recursive: true, force: true });
    }
  });
}

/** The environment in which programs of an unpacked package find their libraries. */
export function withLibrariesOf(folder: string): NodeJS.ProcessEnv {
  const libraries = fs.globSync("{usr/,}lib/{,*-linux-*}", { cwd: folder });
  const paths = libraries.map((path) => join(folder, path));
  const LD_LIBRARY_PATH = [...paths, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return { ...process.env, LD_LIBRARY_PATH };
}

/** @param options.apt a folder for what apt writes; its path must be plain ASCII without spaces */
async function unpackPackage(
  name: string,
  { into, apt }: { into: string; apt: string },
): Promise<void> {
  const archives = join(apt, "archives");
  for (const part of ["state/lists/partial", "cache/archives/partial", "archives"]) {
    fs.mkdirSync(join(apt, part), { recursive: true });
  }
  fs.writeFileSync(join(apt, "apt.conf"), aptConfiguration(apt));
  const env = { APT_CONFIG: join(apt, "apt.conf"), LC_ALL: "C" };
  const run = execa({ cwd: archives, env });
  await run`apt-get update -q`;
  const plan = await run`apt-get -s --no-install-recommends install ${name}`;
  await run`apt-get download -q ${packagesInPlan(plan.stdout)}`;
  for (const archive of fs.readdirSync(archives)) await run`dpkg-deb -x ${archive} ${into}`;
}

/** What `apt-get -s install` says that it would add: the package and libraries that are missing. */
export function packagesInPlan(plan: string): string[] {
  return [...plan.matchAll(/^Inst (\S+)/gm)].flatMap((match) => match[1] ?? []);
}

/** The system's sources and keys are read; everything that is written goes to `folder`. */
function aptConfiguration(folder: string): string {
  return `Dir::State "${folder}/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "${folder}/cache";
Debug::NoLocking "true";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Acquire::Retries "1";
`;
}
