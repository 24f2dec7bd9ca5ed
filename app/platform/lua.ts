import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Reads a Lua script that lies beside the domain code. The classic Remix compiler cannot import
 * `.lua`, so it is read when the process starts; a missing file stops the start.
 *
 * @param path relative to `app/`, for instance `domain/registration/seats/lua/reserve_seats.lua`
 */
export function readLua(path: string): string {
  return readFileSync(join(process.cwd(), "app", path), "utf8");
}
