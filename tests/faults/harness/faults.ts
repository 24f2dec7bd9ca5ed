import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import type { Weather } from "../../support/tcp-proxy";
import type { Dice } from "./dice";
import type { Site } from "./site";
import type { Tally } from "./tally";

/** Something that can go wrong, and is right again when the promise resolves. */
interface Fault {
  /** What it harms; two at a time never harm the same. */
  harms: "web" | "worker" | "redis" | "postgres" | "connections" | "network";
  strike(harm: Harm): Promise<void>;
}

export interface Harm {
  site: Site;
  dice: Dice;
  tally: Tally;
}

/** The faults, by the names under which a run asks for them. */
export const FAULTS = {
  "kill web": {
    harms: "web",
    strike: async ({ site, dice }) => void dice.pick(site.webs).kill(),
  },
  "kill worker": {
    harms: "worker",
    strike: async ({ site, dice }) => void dice.pick(site.workers).kill(),
  },
  "flush redis": {
    harms: "redis",
    async strike({ site, tally }) {
      await askRedis(site, (client) => client.flushall());
      tally.count("Redis wiped (FLUSHALL)");
    },
  },
  "kill redis": { harms: "redis", strike: (harm) => crashRedis(harm, { loseData: false }) },
  "lose redis": { harms: "redis", strike: (harm) => crashRedis(harm, { loseData: true }) },
  "pause redis": {
    harms: "redis",
    async strike({ site, dice, tally }) {
      const ms = dice.between(200, 2_500);
      await askRedis(site, (client) => client.call("CLIENT", "PAUSE", ms, "ALL"));
      tally.count("Redis paused");
      await delay(ms);
    },
  },
  "demote redis": {
    harms: "redis",
    async strike({ site, dice, tally }) {
      // A replica of nobody: it keeps its data and refuses every write.
      await askRedis(site, (client) => client.replicaof("127.0.0.1", 1));
      tally.count("Redis made read-only");
      await delay(dice.between(200, 2_000));
      await askRedis(site, (client) => client.replicaof("NO", "ONE"));
    },
  },
  "starve redis": {
    harms: "redis",
    async strike({ site, dice, tally }) {
      await askRedis(site, (client) => client.config("SET", "maxmemory", "1mb"));
      tally.count("Redis out of memory");
      await delay(dice.between(200, 2_000));
      await askRedis(site, (client) => client.config("SET", "maxmemory", "0"));
    },
  },
  "end backends": {
    harms: "connections",
    async strike({ site, dice, tally }) {
      const ended = await site.observer.rows<{ ended: boolean }>(
        `select pg_terminate_backend(pid) as ended from pg_stat_activity
          where application_name like 'mini-compete%' and random() < ?`,
        [dice.pick([0.3, 0.6, 1])],
      );
      tally.count("Postgres backends terminated", ended.length);
    },
  },
  "crash postgres": {
    harms: "postgres",
    async strike({ site, dice, tally }) {
      await site.postgres.kill();
      tally.count("Postgres crashed (SIGKILL)");
      await delay(dice.between(0, 1_000));
      await site.postgres.restart();
    },
  },
  "spoil network": {
    harms: "network",
    async strike({ site, dice, tally }) {
      const proxy = dice.pick(site.proxies);
      const weather = dice.pick<Weather>([
        { kind: "slow", delayMs: dice.between(5, 400) },
        { kind: "no replies" },
        { kind: "silent" },
        { kind: "cut" },
      ]);
      proxy.set(weather);
      tally.count(`Network: ${weather.kind}`);
      await delay(dice.between(200, 2_500));
      proxy.set({ kind: "fair" });
    },
  },
  "cut connections": {
    harms: "network",
    async strike({ site, dice, tally }) {
      tally.count("Connections cut", dice.pick(site.proxies).cut(0.5));
    },
  },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** How often each fault strikes, on average, in seconds. */
export type Mix = Partial<Record<FaultName, number>>;

/**
 * Strikes at random until `goesOn` says no, each fault at its own rate and from dice of its own,
 * and returns when everything that was struck is right again.
 */
export async function strikeAtRandom({
  harm,
  mix,
  goesOn,
}: {
  harm: Harm;
  mix: Mix;
  goesOn: () => boolean;
}): Promise<void> {
  const harmed = new Set<Fault["harms"]>();
  const strikeAgainAndAgain = async (fault: Fault, everyS: number, dice: Dice) => {
    while (goesOn()) {
      await pause(dice.between(1, 2_000 * everyS), goesOn);
      if (!goesOn() || harmed.has(fault.harms)) continue;
      harmed.add(fault.harms);
      try {
        await fault.strike({ ...harm, dice });
      } finally {
        harmed.delete(fault.harms);
      }
    }
  };
  const faults = Object.entries(mix) as [FaultName, number][];
  await Promise.all(
    faults.map(([name, everyS]) => strikeAgainAndAgain(FAULTS[name], everyS, harm.dice.fork())),
  );
}

/** Waits, but not past the end. */
async function pause(ms: number, goesOn: () => boolean): Promise<void> {
  const until = performance.now() + ms;
  while (goesOn() && performance.now() < until) {
    await delay(Math.min(100, Math.max(1, until - performance.now())));
  }
}

async function crashRedis(
  { site, dice, tally }: Harm,
  { loseData }: { loseData: boolean },
): Promise<void> {
  await site.redis.kill();
  tally.count(loseData ? "Redis killed, data lost" : "Redis killed, data kept");
  if (loseData) rmSync(join(site.redisFolder, "appendonlydir"), { recursive: true, force: true });
  await delay(dice.between(0, 1_500));
  await site.redis.restart();
}

async function askRedis(
  { redis }: Site,
  command: (client: Redis) => Promise<unknown>,
): Promise<void> {
  const client = new Redis(redis.url, { lazyConnect: true });
  client.on("error", () => {});
  try {
    await client.connect();
    await command(client);
  } finally {
    client.disconnect();
  }
}
