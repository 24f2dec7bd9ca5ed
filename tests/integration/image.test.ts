import { execFile } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { addressesOf } from "~/platform/hosts";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { type Program, startProgram, waitUntilReady } from "../../scripts/launcher/programs.ts";
import { makeTemporaryFolder, projectFolder } from "../../scripts/services/places.ts";
import { accepts, pickPort } from "../../scripts/services/ports.ts";
import { createDatabase, dropDatabase } from "../support/databases";
import { installAsNpmCi } from "../support/npm-ci";

const run = promisify(execFile);
const MINUTES = 60_000;
const folder = makeTemporaryFolder("image");
const image = join(folder, "image");
const name = `image_${process.pid}`;
const serverUrl = inject("serverUrl");
/** Without NODE_ENV, as somebody may start a build. */
let env: Record<string, string>;
/** Only the web process needs them. */
const secrets = {
  SESSION_SECRET: randomBytes(32).toString("hex"),
  JWT_SECRET: randomBytes(32).toString("hex"),
};

beforeAll(async () => {
  await ensureBuild((line) => console.log(line));
  await makeImage();
  env = {
    PATH: process.env.PATH ?? "",
    DATABASE_URL: await createDatabase({ serverUrl, name }),
    REDIS_URL: inject("redisUrl"),
    REDIS_PREFIX: name,
    HOST: "localhost",
    PORT: String(await pickPort()),
    WORKER_PORT: String(await pickPort()),
    // All that follows runs the same programs again and again.
    NODE_COMPILE_CACHE: join(folder, "cache"),
  };
});
afterAll(async () => {
  await dropDatabase({ serverUrl, name });
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Makes the folder that the Dockerfile's last stage describes. Its packages are installed as the
 * stage `packages` says; the stage `build` is the project, which is built already.
 */
async function makeImage(): Promise<void> {
  const stages = readFileSync("Dockerfile", "utf8").split(/^FROM /m);
  const [, , packages = "", build = "", last = ""] = stages;
  const places: Record<string, string> = {
    packages: join(folder, "packages"),
    build: projectFolder,
  };
  const files = join(folder, "files");
  for (const place of [places.packages as string, image]) mkdirSync(place);

  for (const [, names = ""] of packages.matchAll(/^COPY (.*) \.\/$/gm)) {
    for (const file of names.split(" ")) cpSync(file, join(folder, "packages", file));
  }
  installAsNpmCi({
    command: /^RUN (npm ci .*)$/m.exec(packages)?.[1],
    from: projectFolder,
    into: join(folder, "packages"),
  });
  await shell(/^RUN (mkdir .*)$/m.exec(build)?.[1]?.replaceAll("/srv/files", files), projectFolder);
  for (const [, stage, from = "", to = ""] of last.matchAll(
    /^COPY (?:--from=(\S+) )?(\S+) (\S+)$/gm,
  )) {
    const place = stage ? places[stage] : projectFolder;
    const source =
      from === "/srv/files" ? files : join(String(place), from.replace(/^\/srv\//, ""));
    const target = to === "." && !stage ? join(image, from) : join(image, to);
    // Nothing else is made of the packages, and they are many files.
    if (stage === "packages") renameSync(source, target);
    else cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  }
}

async function shell(command = "false", cwd?: string): Promise<void> {
  await run("sh", ["-c", command], { cwd });
}

/** Remix' types would have a NODE_ENV in every environment. */
function inImage() {
  return { cwd: image, env: env as typeof process.env };
}

/** Runs a program of the image to its end. */
async function runInImage(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, args, inImage());
  return stdout;
}

/** At which of this machine's addresses the site answers. */
async function answeringAddresses(): Promise<string[]> {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const addresses = all.filter(({ scopeid }) => !scopeid).map(({ address }) => address);
  const port = Number(env.PORT);
  const answers = await Promise.all(addresses.map((host) => accepts({ host, port })));
  return addresses.filter((_address, index) => answers[index]);
}

test("does not serve without secrets of its own, and names what to do", async () => {
  const start = run(process.execPath, ["build/server.js"], inImage());
  const refusal = await start.catch((error: { code: number; stderr: string }) => error);
  expect(refusal).toMatchObject({ code: 1 });
  expect(refusal.stderr).toMatch(
    /^Configuration: SESSION_SECRET: .*openssl[^\n]*JWT_SECRET[^\n]*\n$/,
  );
});

test("brings no compiler, no TypeScript and no Tailwind", () => {
  const tools = ["typescript", "esbuild", "tsx", "tailwindcss", "@tailwindcss", "lightningcss"];
  const more = ["@remix-run/dev", "@mikro-orm/cli", "node-gyp", "vite", "rollup", "playwright"];
  const found = [...tools, ...more].filter((tool) => existsSync(join(image, "node_modules", tool)));
  expect(found).toEqual([]);
});

test(
  "migrates, seeds, serves, works and obeys the operator with the files that it copies",
  async () => {
    expect(await runInImage("build/migrate.js")).toMatch(/Migration/);
    expect(await runInImage("build/seed.js")).toMatch(/^Written: 7 users/);
    const programs: Program[] = [];
    const lines: string[] = [];
    try {
      for (const [program, own] of Object.entries({ server: secrets, worker: {} })) {
        const args = ["--enable-source-maps", `build/${program}.js`];
        const print = (line: string) => lines.push(line);
        programs.push(
          startProgram({ name: program, args, env: { ...env, ...own }, cwd: image, print }),
        );
      }
      const ports = [Number(env.PORT), Number(env.WORKER_PORT)];
      expect(
        await Promise.all(ports.map((port) => waitUntilReady(port))),
        lines.join("\n"),
      ).toEqual([true, true]);
      expect(await answeringAddresses()).toEqual(addressesOf("localhost"));
      // The pages, the threads that hash passwords, and the worker, by way of a mail.
      const site = `http://127.0.0.1:${env.PORT}`;
      expect((await fetch(`${site}/competitions`)).status).toBe(200);
      const login = { email: "charlie@participant.com", password: "password123" };
      const headers = { "Content-Type": "application/json" };
      const body = JSON.stringify(login);
      const answer = await fetch(`${site}/api/auth/login`, { method: "POST", headers, body });
      expect(answer.status, lines.join("\n")).toBe(200);
      const status = JSON.parse(await runInImage("build/ops.js", "status", "--json"));
      expect(status.services).toEqual({ postgres: "ok", redis: "ok" });
      const ops = `"${process.execPath}" build/ops.js`;
      const pipe = `${ops} backup - | ${ops} restore - --check`;
      expect((await run("sh", ["-c", pipe], inImage())).stdout).toMatch(/^user +7 /m);
    } finally {
      await Promise.all(programs.map((program) => program.stop()));
    }
  },
  2 * MINUTES,
);

/** Every call of an operator's command that a document shows, as what `node build/` is given. */
function documentedCommands(): string[] {
  const files = ["README.md", "SECURITY.md", "Dockerfile", "docker-compose.yml", ".env.example"];
  const texts = [...files, ...globSync(["docs/*.md", "deploy/**/*.*"])].map((file) =>
    readFileSync(file, "utf8"),
  );
  const called =
    /(?:npm run (?:--silent )?(ops|seed|migrate)\b(?: --)?|node (?:--enable-source-maps )?build\/(ops|seed|migrate)\.js)((?: [^\s`#|<>()…]+)*)/g;
  const found = [...texts.join("\n").matchAll(called)].map(
    ([, npm, node, args = ""]) => `${npm ?? node}.js${args}`,
  );
  const all = [...new Set(found)].sort();
  // Prose names a command by its first words.
  return all.filter((one) => !all.some((other) => other.startsWith(`${one} `)));
}

/** Runs one of them without a terminal, and returns how it ended. */
async function endOf(command: string): Promise<{ code: number; said: string }> {
  const words = command
    .replace(/\bCOMMAND\b/g, "status")
    .replace(/\b(?:ID|COMPETITION)\b/g, randomUUID())
    .replace(/\bEMAIL\b/g, "alice@organizer.com")
    .replace(/\bFILE\b/g, join(folder, "a-file"))
    .split(" ");
  const args = [`build/${words[0]}`, ...words.slice(1)];
  const running = run(process.execPath, args, inImage());
  running.child.stdin?.end();
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
  );
}

/** What is refused here: somebody or something that there is not, or nobody who says yes. */
const MAY_REFUSE = /\b(?:ID|COMPETITION|FILE|restore|doctor|down)\b|@example\.com/;

test(
  "every command that a document shows works with the files that it copies",
  async () => {
    const commands = documentedCommands();
    expect(commands.length).toBeGreaterThan(12);
    expect(commands).toEqual(expect.arrayContaining(["ops.js doctor", "migrate.js down"]));
    for (let at = 0; at < commands.length; at += 3) {
      const some = commands.slice(at, at + 3);
      const ends = await Promise.all(some.map(endOf));
      ends.forEach(({ code, said }, index) => {
        const command = some[index] ?? "";
        expect(MAY_REFUSE.test(command) ? [0, 1] : [0], `${command}: ${said}`).toContain(code);
        expect(said, command).not.toMatch(/^\s+at |Cannot find|Error:/m);
        expect(said, command).not.toBe("");
      });
    }
    const { code, said } = await endOf("ops.js nothing");
    expect(code).toBe(2);
    expect(said).toContain("Usage: node build/ops.js");
  },
  2 * MINUTES,
);
