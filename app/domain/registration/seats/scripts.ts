import { createHash } from "node:crypto";
import type { Cluster, Redis } from "ioredis";
import { readLua } from "~/platform/lua";

/** A Lua script and its digest, read when the process starts. */
export interface SeatScript {
  source: string;
  sha: string;
}

export const reserveScript = load("reserve_seats.lua");
export const confirmScript = load("confirm_seats.lua");
export const releaseScript = load("release_seat.lua");
export const cancelScript = load("cancel_seat.lua");
export const syncScript = load("sync_seats.lua");
export const inspectScript = load("inspect_seats.lua");

/** Runs a script by its digest, and sends the source where the server does not know it yet. */
export async function runScript(
  client: Redis | Cluster,
  script: SeatScript,
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

function load(file: string): SeatScript {
  const source = readLua(`domain/registration/seats/lua/${file}`);
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}
