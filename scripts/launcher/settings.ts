import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BadEnvironment } from "../../app/platform/bad-environment.ts";
import { parseEnv } from "../../app/platform/env.ts";
import { addressesOf } from "../../app/platform/hosts.ts";
import { checkWebSettings } from "../../app/platform/web-settings.ts";
import { projectFolder } from "../services/places.ts";
import { isPortFree, pickPort } from "../services/ports.ts";
import { Refusal } from "./session.ts";

export type Settings = Record<string, string>;

/** The environment over `.env`; what is set to nothing counts as not set. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const file = join(projectFolder, ".env");
  // Not by node's --env-file-if-exists: Node 20, which may run the starter, takes that for its own.
  if (environment === process.env && existsSync(file)) process.loadEnvFile(file);
  const all = Object.entries(environment);
  return Object.fromEntries(all.flatMap(([name, value]) => (value?.trim() ? [[name, value]] : [])));
}

/** A port from the settings. */
export function portOf(settings: Settings, name: string, fallback: number): number {
  const text = settings[name] ?? String(fallback);
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= MOST) return port;
  throw new Refusal(`${name}: must be a whole number from 1 to ${MOST}, not "${text}".`);
}

const MOST = 65_535;

const WORKER_PORT = 9091;

/** Where `up` and `dev` serve: everybody knows the password of the demo accounts. */
export const OWN_HOST = "localhost";

/** Refuses, before anything is started, what the web server would refuse. */
export function requireUsable(settings: Settings): void {
  orRefuse(() => checkWebSettings(parseEnv(settings)));
}

/** What `work` returns; a setting that it refuses is a thing for a person to know. */
export function orRefuse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof BadEnvironment ? new Refusal(error.message) : error;
  }
}

/**
 * The ports of web, worker and the web's metrics (0: none). Nobody types the last, nor the worker's
 * usual one, into a browser: when they are taken the next free one does.
 */
export async function choosePorts(
  settings: Settings,
  { command, log }: { command: string; log: (line: string) => void },
): Promise<{ web: number; worker: number; metrics: number }> {
  const requireFree = async (name: string, port: number, host: string) => {
    for (const address of addressesOf(host)) {
      if (await isPortFree(port, address)) continue;
      if (!(await isPortFree(await pickPort(), address))) {
        throw new Refusal(`HOST: ${address} is no address of this machine.`);
      }
      const others = [port + 1, port + 2, port + 3].filter((each) => each <= MOST);
      throw new Refusal(
        `Port ${port} (${name}) is in use.\n` +
          `  Stop what listens there, or use another port: ${name}=${await pickPort(...others)} npm run ${command}`,
      );
    }
  };
  const web = portOf(settings, "PORT", 3000);
  await requireFree("PORT", web, settings.HOST ?? OWN_HOST);
  const wanted = portOf(settings, "WORKER_PORT", WORKER_PORT);
  if (wanted !== WORKER_PORT) await requireFree("WORKER_PORT", wanted, "127.0.0.1");
  const worker = await pickPort(wanted);
  if (worker !== wanted) log(`Port ${wanted} (WORKER_PORT) is in use; ${worker} instead`);
  const usual = settings.METRICS_PORT === "0" ? 0 : portOf(settings, "METRICS_PORT", 9092);
  // None of them listens yet, so what they are given looks free.
  const next = [usual, usual + 1, usual + 2].filter((port) => ![worker, web].includes(port));
  const metrics = usual && (await pickPort(...next));
  if (metrics !== usual) log(`Port ${usual} (METRICS_PORT) is in use; ${metrics} instead`);
  return { web, worker, metrics };
}

/** Secrets that once stood in .env.example begin with this; the servers refuse them. */
const EXAMPLE = "development-only-secret";

/**
 * The secrets of this machine: those that are set, else random ones that are made once and kept in
 * the file, so that people stay logged in over a restart.
 */
export function secretsFor(settings: Settings, file: string): Settings {
  const kept: Settings = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const secrets: Settings = {};
  for (const name of ["SESSION_SECRET", "JWT_SECRET"]) {
    const given = settings[name];
    if (given && !given.startsWith(EXAMPLE)) secrets[name] = given;
    else secrets[name] = kept[name] ??= randomBytes(32).toString("hex");
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}
