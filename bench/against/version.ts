import { execFile, execFileSync, fork } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { Pool } from "pg";
import { nextMessage, type Running, startBuilt } from "../http/site.ts";
import { type Caller, giveTokens, invitePeople } from "../people.ts";
import { type Addresses, migrate, SETTINGS } from "../servers.ts";
import type { DomainOrder, DomainRush } from "./domain.ts";

/** A checkout that is installed and built. */
export interface Checkout {
  name: string;
  folder: string;
}

/**
 * Finds another version, or makes a checkout of it under `.cache/against`, with its own packages and
 * built by the Node that runs here.
 */
export async function checkOut(
  version: string,
  progress: (text: string) => void,
): Promise<Checkout> {
  const isFolder = existsSync(join(version, "package.json"));
  const commit = git(
    isFolder ? version : ".",
    "rev-parse",
    isFolder ? "HEAD" : `${version}^{commit}`,
  );
  const folder = isFolder ? resolve(version) : resolve(".cache/against", commit);
  if (!existsSync(join(folder, "package.json"))) {
    rmSync(folder, { recursive: true, force: true });
    git(".", "clone", "--quiet", "--no-checkout", ".", folder);
    git(folder, "checkout", "--quiet", "--detach", commit);
  }
  if (!existsSync(join(folder, "node_modules"))) {
    progress(`installing the packages of ${version}`);
    await npm(folder, "ci", "--no-audit", "--no-fund");
  }
  progress(`building ${version}`);
  await npm(folder, "run", "build");
  return { name: isFolder ? `${basename(folder)} (${commit.slice(0, 7)})` : version, folder };
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd, encoding: "utf8" }).trim();
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  await promisify(execFile)("npm", args, { cwd, env: { ...process.env, PATH } });
}

/** A version that serves, beside the others on the same servers with a database of its own in each. */
export interface Version extends Checkout {
  pool: Pool;
  organizer: Caller;
  people: Caller[];
  web: Running;
  startWorker: () => Promise<Running>;
  /** Runs a rush through the domain, in a process that lives as long as the version does. */
  rushDomain: (rush: DomainRush) => Promise<Record<string, number>>;
  stop: () => Promise<void>;
}

/** Starts a version. `index` is the number of its databases. */
export async function startVersion(
  { name, folder }: Checkout,
  { servers, index, people }: { servers: Addresses; index: number; people: number },
): Promise<Version> {
  const addresses = await makeDatabases(servers, index);
  await migrate(addresses, { program: ["build/migrate.js"], cwd: folder });
  const env = { ...SETTINGS, ...addresses };
  const pool = new Pool({ connectionString: addresses.DATABASE_URL });
  const stops = [() => pool.end()];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    const invited = await invitePeople(pool, people);
    const [organizer] = await giveTokens(await invitePeople(pool, 1, "ORGANIZER"));
    if (!organizer) throw new Error("nobody was invited");
    const domain = fork(await bundleDomain(folder), [], {
      cwd: folder,
      execArgv: ["--enable-source-maps"],
      env: { ...process.env, ...env },
    });
    stops.push(async () => void domain.kill());
    domain.send({ people: invited } satisfies DomainOrder);
    const web = await startBuilt({ folder, program: "server", env });
    stops.push(web.stop);
    return {
      name,
      folder,
      pool,
      organizer,
      people: await giveTokens(invited),
      web,
      startWorker: () => startBuilt({ folder, program: "worker", env }),
      async rushDomain(rush) {
        domain.send({ rush } satisfies DomainOrder);
        return nextMessage(domain);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes a database of each server's for the version with this number. */
export async function makeDatabases(servers: Addresses, index: number): Promise<Addresses> {
  const pool = new Pool({ connectionString: servers.DATABASE_URL });
  await pool.query(`create database version_${index}`);
  await pool.end();
  const [database, redis] = [new URL(servers.DATABASE_URL), new URL(servers.REDIS_URL)];
  database.pathname = `/version_${index}`;
  redis.pathname = `/${index}`;
  return { DATABASE_URL: database.href, REDIS_URL: redis.href };
}

/** Bundles our rush with that version's domain. @returns the program, beside that version's packages */
async function bundleDomain(folder: string): Promise<string> {
  const outfile = join(folder, ".cache/bench/against.js");
  await build({
    entryPoints: ["bench/against/domain.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
    plugins: [
      {
        name: "that version's product",
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/sides\/product\.ts$/ }, () => ({
            path: join(folder, "bench/domain/sides/product.ts"),
          })),
      },
    ],
  });
  return outfile;
}
