import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster, Redis } from "ioredis";

/**
 * Reads a Lua script that lies beside the domain code. The classic Remix compiler cannot import
 * `.lua`, so it is read when the process starts; a missing file stops the start.
 *
 * @param path relative to `app/`, for instance `domain/registration/seats/lua/reserve_seats.lua`
 */
export function readLua(path: string): string {
  return readFileSync(join(process.cwd(), "app", path), "utf8");
}

/** A Lua script and its digest. */
export interface Script {
  source: string;
  sha: string;
}

/** A script as Redis knows it. */
export function scriptOf(source: string): Script {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}

/** Runs a script by its digest, and sends the source where the server does not know it yet. */
export async function runScript(
  client: Redis | Cluster,
  script: Script,
  { keys, args }: { keys: string[]; args: (string | number)[] },
): Promise<unknown> {
  try {
    return await client.evalsha(script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return client.eval(script.source, keys.length, ...keys, ...args);
  }
}

/** A script's reply as the words it is made of. */
export function words(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.map(String) : [String(reply)];
}
