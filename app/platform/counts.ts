import { LRUCache } from "lru-cache";
import { readLua, runScript, scriptOf, words } from "./lua";
import { keyPrefix, tryRedis } from "./redis";
import { forgetRefusal, noteRefusal } from "./refused";
import { singleton } from "./singleton";

/** How much may be taken under one key. */
export interface Allowance {
  /** Names its counts in Redis. */
  name: string;
  /** How much within `seconds`, which begin with the first. */
  points: number;
  seconds: number;
  /** A process asks Redis only about keys under which it has counted more than this itself. */
  sharedAfter?: number;
}

/** How many keys a process remembers. The least recently used one makes room. */
const MOST_KEYS = 20_000;

/**
 * Takes part of an allowance, if that much is left. Counted in Redis for all processes together, and in
 * this process' memory while Redis is away. A refusal makes no key and makes none last longer; the process
 * remembers it for a moment.
 *
 * @returns 0; or, if not that much is left, how long until it is, in milliseconds
 */
export async function take(allowance: Allowance, key: string, much = 1): Promise<number> {
  const { points, seconds, sharedAfter = 0 } = allowance;
  const count = countHere(allowance, key);
  count.taken += much;
  if (count.taken <= sharedAfter) return 0;

  const untold = count.taken - count.told;
  count.told += untold;
  const order = { keys: [sharedKey(allowance, key)], args: [untold, points, seconds * 1000] };
  const reply = await tryRedis((client) => runScript(client, takeScript, order));
  const [verdict, waitMs] = reply === null ? verdictHere(allowance, key, count) : words(reply);
  if (reply === null || verdict === "refused") count.told -= untold;
  if (verdict !== "refused") return 0;
  lower(allowance, key, count, much);
  noteRefusal(localKey(allowance, key), { much, waitMs: Number(waitMs) });
  return Number(waitMs);
}

/** Gives back what was taken. */
export async function giveBack(allowance: Allowance, key: string, much = 1): Promise<void> {
  forgetRefusal(localKey(allowance, key));
  const count = countsHere().get(localKey(allowance, key));
  if (!count) return;
  lower(allowance, key, count, much);
  const tooMuch = count.told - count.taken;
  if (tooMuch <= 0) return;
  count.told -= tooMuch;
  const order = { keys: [sharedKey(allowance, key)], args: [tooMuch] };
  await tryRedis((client) => runScript(client, giveBackScript, order));
}

/** Forgets what was taken under a key. */
export async function clearCount(allowance: Allowance, key: string): Promise<void> {
  forgetRefusal(localKey(allowance, key));
  countsHere().delete(localKey(allowance, key));
  await tryRedis((client) => client.del(sharedKey(allowance, key)));
}

/** How much was taken under a key. */
export async function countOf(allowance: Allowance, key: string): Promise<number> {
  const shared = await tryRedis((client) => client.get(sharedKey(allowance, key)).then(Number));
  return shared ?? countsHere().get(localKey(allowance, key))?.taken ?? 0;
}

const takeScript = scriptOf(readLua("platform/lua/take_count.lua"));
const giveBackScript = scriptOf(readLua("platform/lua/give_back_count.lua"));

/** What this process counted under a key. */
interface Count {
  taken: number;
  /** The part of it that Redis was told. */
  told: number;
}

/** Bounded, and without a timer for each key: strangers decide how many keys there are. */
export function countsHere(): LRUCache<string, Count> {
  return singleton("counts", () => new LRUCache({ max: MOST_KEYS, ttlResolution: 0 }));
}

function countHere(allowance: Allowance, key: string): Count {
  const name = localKey(allowance, key);
  const known = countsHere().get(name);
  if (known) return known;
  const count = { taken: 0, told: 0 };
  countsHere().set(name, count, { ttl: allowance.seconds * 1000 });
  return count;
}

function verdictHere(allowance: Allowance, key: string, { taken }: Count): [string, number] {
  const leftMs = countsHere().getRemainingTTL(localKey(allowance, key));
  return [taken > allowance.points ? "refused" : "taken", Math.max(1, leftMs)];
}

function lower(allowance: Allowance, key: string, count: Count, much: number): void {
  count.taken -= much;
  const name = localKey(allowance, key);
  if (count.taken <= 0 && countsHere().peek(name) === count) countsHere().delete(name);
}

/** What this process calls a count. */
export function localKey({ name }: Allowance, key: string): string {
  return `${name}:${key}`;
}

function sharedKey(allowance: Allowance, key: string): string {
  return `${keyPrefix()}:${localKey(allowance, key)}`;
}
