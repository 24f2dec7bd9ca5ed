import { keyPrefix } from "~/platform/redis";

/**
 * The keys of one competition. They share a hash tag, and so a cluster's slot: the scripts that
 * use several of them run unchanged on Redis Cluster.
 */
export function seatKeys(competitionId: string) {
  const base = `${keyPrefix()}:{c:${competitionId}}`;
  return {
    meta: `${base}:meta`,
    version: `${base}:version`,
    free: `${base}:free`,
    holds: `${base}:holds`,
    attempts: `${base}:attempts`,
    confirmed: `${base}:confirmed`,
    cancelled: `${base}:cancelled`,
  };
}

/** Where the answer under a user's idempotency key is kept. */
export function idempotencyRecordKey(record: {
  competitionId: string;
  userId: string;
  key: string;
}): string {
  return `${keyPrefix()}:{c:${record.competitionId}}:key:${record.userId}:${record.key}`;
}

/** Where a sync lays out its snapshot before it swaps it in. */
export function stagingKeys(competitionId: string, token: string) {
  const base = `${keyPrefix()}:{c:${competitionId}}:staged:${token}`;
  return {
    confirmed: `${base}:confirmed`,
    free: `${base}:free`,
    cancelled: `${base}:cancelled`,
  };
}

/** The competitions that Redis knows, by when they close (ms), for the sweep. */
export function knownCompetitionsKey(): string {
  return `${keyPrefix()}:known-competitions`;
}
