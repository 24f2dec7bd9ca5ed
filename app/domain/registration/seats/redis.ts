import { hash } from "node:crypto";
import { readLua, type Script, scriptOf } from "~/platform/lua";
import { keyPrefix } from "~/platform/redis";

/**
 * The keys of one competition. They share a hash tag, and so a cluster's slot: the scripts that
 * use several of them run unchanged on Redis Cluster.
 */
export function seatKeys(competitionId: string) {
  const base = baseKey(competitionId);
  return {
    meta: `${base}:meta`,
    version: `${base}:version`,
    free: `${base}:free`,
    holds: `${base}:holds`,
    attempts: `${base}:attempts`,
    confirmed: `${base}:confirmed`,
    cancelled: `${base}:cancelled`,
    queue: `${base}:queue`,
    waiting: `${base}:waiting`,
    joins: `${base}:joins`,
    owed: `${base}:owed`,
  };
}

/** The record of a user's idempotency key. Hashed, since a key may contain anything. */
export function answerKey(of: { competitionId: string; userId: string; key: string }): string {
  return `${baseKey(of.competitionId)}:answer:${of.userId}:${hash("sha256", of.key, "base64url")}`;
}

/** Where a sync lays out its snapshot before it swaps it in. */
export function stagingKeys(competitionId: string, token: string) {
  const base = `${baseKey(competitionId)}:staged:${token}`;
  return {
    confirmed: `${base}:confirmed`,
    free: `${base}:free`,
    cancelled: `${base}:cancelled`,
    queue: `${base}:queue`,
    waiting: `${base}:waiting`,
  };
}

/** The competitions that Redis knows, by when they close (ms), for the sweep. */
export function knownCompetitionsKey(): string {
  return `${keyPrefix()}:known-competitions`;
}

function baseKey(competitionId: string): string {
  return `${keyPrefix()}:{c:${competitionId}}`;
}

/** Reads a script from the folder `lua`, with what it includes. */
export function loadScript(file: string): Script {
  return scriptOf(read(file).replace(/^-- @include (\w+)$/gm, (_, name) => read(`${name}.lua`)));
}

function read(file: string): string {
  return readLua(`domain/registration/seats/lua/${file}`);
}
