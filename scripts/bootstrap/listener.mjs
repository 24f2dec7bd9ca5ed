import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { isPortFree, pickPort } from "../services/ports.mjs";
import { Refusal } from "./refusal.mjs";
import { portOf } from "./settings.mjs";

/**
 * Refuses a port that somebody else listens on, and says who.
 * @param {{ port: number, name: string, example: string, host?: string }} options
 */
export async function requireFreePort({ port, name, example, host }) {
  if (await isPortFree(port, host ?? everyInterface())) return;
  const who = findListener(port);
  throw new Refusal(
    `Port ${port} (${name}) is in use${who ? ` by process ${who.pid}: ${who.command}` : ""}.\n` +
      `  Stop that${who ? ` (kill ${who.pid})` : ""}, or use another port: ${example}`,
  );
}

/**
 * The ports of the web server and of the worker. The worker's moves when it is taken, unless the
 * shell asks for just that one: nobody types it into a browser.
 * @param {{ settings: Record<string, string>, command: string, log: (line: string) => void }} options
 */
export async function choosePorts({ settings, command, log }) {
  const web = portOf(settings, "PORT", 3000);
  const example = `PORT=${web + 1} npm run ${command}`;
  await requireFreePort({ port: web, name: "PORT", example, host: settings.HOST });
  const wanted = portOf(settings, "WORKER_PORT", 9091);
  if (process.env.WORKER_PORT) {
    const other = `WORKER_PORT=${wanted + 1} npm run ${command}`;
    await requireFreePort({ port: wanted, name: "WORKER_PORT", example: other, host: "127.0.0.1" });
  }
  const worker = await pickPort({ prefer: [wanted] });
  if (worker !== wanted) log(`Port ${wanted} (WORKER_PORT) is in use; ${worker} instead`);
  return { web, worker };
}

/** A machine without IPv6 cannot be asked about `::`. */
function everyInterface() {
  return process.platform !== "linux" || existsSync("/proc/net/if_inet6") ? "::" : "0.0.0.0";
}

/**
 * Who listens on a TCP port of this machine; null when that cannot be seen (another account's
 * process, or a system without /proc).
 * @param {number} port
 * @returns {{ pid: number, command: string } | null}
 */
export function findListener(port) {
  const sockets = ["/proc/net/tcp", "/proc/net/tcp6"]
    .filter((path) => existsSync(path))
    .flatMap((path) => listeningSockets(readFileSync(path, "utf8"), port))
    .map((inode) => `socket:[${inode}]`);
  if (sockets.length === 0) return null;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    if (!opens(pid, sockets)) continue;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid: Number(pid), command: command.slice(0, 120) };
  }
  return null;
}

/**
 * The inodes of the sockets that listen on the port, from the text of /proc/net/tcp.
 * @param {string} table
 * @param {number} port
 * @returns {string[]}
 */
export function listeningSockets(table, port) {
  const LISTENING = "0A";
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === LISTENING && local.endsWith(`:${wanted}`) && inode ? [inode] : [];
  });
}

/**
 * @param {string} pid
 * @param {string[]} sockets
 */
function opens(pid, sockets) {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.includes(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
