import { advice, bad, good, type Verdict } from "./verdict";

/** What a server of Redis says of itself; null where it does not say, as managed ones may. */
export interface RedisFacts {
  /** "redis" or "valkey" */
  product: string | null;
  version: string | null;
  policy: string | null;
  /** 0 is no limit, bytes */
  maxMemory: number | null;
  usedMemory: number | null;
  isAppending: boolean | null;
  isReplica: boolean | null;
}

/** @param where added to each check's name when there are several servers */
export function judgeRedis(facts: RedisFacts, where = ""): Verdict[] {
  return [
    judgeVersion(facts),
    judgePolicy(facts),
    judgeMemory(facts),
    judgePersistence(facts),
    judgeRole(facts),
  ]
    .flat()
    .map((verdict) => ({ ...verdict, check: `${verdict.check}${where}` }));
}

const OLDEST = { redis: 7, valkey: 7 };

function judgeVersion({ product, version }: RedisFacts): Verdict {
  const check = "Redis version";
  const mend = "Use Redis 7 or later, or Valkey 8.";
  if (!version) return advice(check, "Unknown: the server refuses INFO.", mend);
  const name = product === "valkey" ? "valkey" : "redis";
  const says = `${name === "valkey" ? "Valkey" : "Redis"} ${version}.`;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major >= OLDEST[name]) return good(check, says);
  return major > 6 || (major === 6 && minor >= 2)
    ? advice(check, says, mend)
    : bad(check, `${says} It is too old.`, mend);
}

function judgePolicy({ policy }: RedisFacts): Verdict {
  const check = "Redis eviction";
  if (policy === "noeviction") return good(check, "maxmemory-policy is noeviction.");
  if (!policy) {
    const mend = "See in its settings that maxmemory-policy is noeviction.";
    return advice(check, "Unknown: the server refuses INFO and CONFIG GET.", mend);
  }
  const mend = "Set maxmemory-policy noeviction on every node.";
  return bad(check, `maxmemory-policy is ${policy}: jobs may be lost when memory is short.`, mend);
}

function judgeMemory({ maxMemory, usedMemory }: RedisFacts): Verdict[] {
  if (!maxMemory || usedMemory === null) return [];
  const check = "Redis memory";
  const share = Math.round((100 * usedMemory) / maxMemory);
  const says = `${share} % of maxmemory are in use.`;
  const mend =
    "Raise maxmemory: when it is full, registrations go through Postgres, and mail waits.";
  if (share < 80) return [good(check, says)];
  return [share < 100 ? advice(check, says, mend) : bad(check, `${says} It is full.`, mend)];
}

function judgePersistence({ isAppending }: RedisFacts): Verdict {
  const check = "Redis persistence";
  if (isAppending) return good(check, "It appends to a file.");
  const mend = "appendonly yes makes a restart smoother. Nothing is lost without it.";
  if (isAppending === null) return advice(check, "Unknown: the server refuses INFO.", mend);
  return advice(check, "None: after a restart mail waits a minute, and seats are read anew.", mend);
}

function judgeRole({ isReplica }: RedisFacts): Verdict[] {
  if (!isReplica) return [];
  const mend = "Let REDIS_URL lead to the primary (REDIS_SENTINEL_NAME finds it).";
  return [bad("Redis role", "It is a replica, and takes no writes.", mend)];
}
