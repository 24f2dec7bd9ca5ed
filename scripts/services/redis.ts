import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { findRedis } from "./redis-program.ts";
import { runServer, type ServerKind, type ServerOptions, type Service } from "./server.ts";
import { readState, remember, whileLocked } from "./state.ts";

export interface RedisOptions extends ServerOptions {
  /** For the server; they win over what we set (noeviction, append-only). */
  args?: string[];
  /** Otherwise the remembered or a new one. */
  password?: string;
}

const LASTING = ["maxmemory-policy noeviction", "appendonly yes", 'save ""'];

const ADVICE = `Install Redis or Valkey, 7 or newer (Debian: sudo apt-get install redis-server; macOS:
  brew install redis), set REDIS_URL, or use Docker: \`docker compose up -d\` starts one.`;

/** A Redis or Valkey on 127.0.0.1 with its data in `dataDir`, which may run there already. */
export function startRedis(options: RedisOptions): Promise<Service> {
  const { dataDir, args = [], log = () => {} } = options;
  return whileLocked(dataDir, async () => {
    const known = options.password ?? readState(dataDir).password;
    const password = known ?? randomBytes(18).toString("hex");
    const { file, env, how } = await findRedis(log).catch((error: Error) => {
      throw new Error(`No Redis can be had here.\n  ${error.message}\n  ${ADVICE}`);
    });
    const kind: ServerKind = {
      ...options,
      name: "Redis",
      how,
      stopSignal: "SIGTERM",
      urlOf: (port) => `redis://:${password}@127.0.0.1:${port}`,
      isReady: ({ port }) => isAnswering(port, password),
      env,
      command: (port) => ({
        file,
        args: [join(dataDir, "redis.conf"), "--port", String(port), ...args],
      }),
    };
    return runServer(kind, async () => {
      mkdirSync(dataDir, { recursive: true, mode: 0o700 });
      // In a file, because the arguments of a process are there for everybody to read.
      const lines = [
        "bind 127.0.0.1",
        `requirepass ${password}`,
        `dir ${JSON.stringify(dataDir)}`,
        ...LASTING,
      ];
      writeFileSync(join(dataDir, "redis.conf"), `${lines.join("\n")}\n`, { mode: 0o600 });
      remember(dataDir, { password });
    });
  });
}

/** Whether the server answers and has loaded its data. */
async function isAnswering(port: number, password: string): Promise<boolean> {
  const client = new Redis({ port, password, lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => {});
  const answer = await client.connect().catch(() => "down");
  client.disconnect();
  return answer !== "down";
}
