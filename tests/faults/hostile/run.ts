import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeRedis } from "~/platform/redis";
import { limit } from "~/web/rate-limits";
import type { Answer } from "../../../worker/ops/cli.ts";
import { table } from "../../../worker/ops/table.ts";
import { RUNS_TYPESCRIPT } from "../../support/runs-typescript";
import type { Site } from "../harness/site";
import type { Answered, Order } from "./attacker";
import { ATTACKS, KNOWN_ADDRESS } from "./attacks";
import { honestPeople, type Waited } from "./honest";
import { buildTown } from "./town";

/** What an honest person's p99 must stay below, milliseconds. */
const PROMISED_MS = 500;
/**
 * Where that is less than so many times what they wait without an attack, as on a machine with other
 * work, or with two cores for attacker, honest people and servers together, this counts.
 */
const TIMES_PEACE = 8;

/** An attack, how it was answered, and what the honest ones waited meanwhile. */
interface Withstood {
  attack: string;
  answered: Answered;
  /** How long it lasted. */
  seconds: number;
  honest: Waited;
  isWithstood: boolean;
}

/**
 * Runs one attack after the other, while honest people come and go. Loaded after the site's secrets
 * are in the environment.
 */
export async function runHostile({
  site,
  attackMs,
  competitions,
  people,
  log,
}: {
  site: Site;
  attackMs: number;
  competitions: number;
  people: number;
  log: (line: string) => void;
}): Promise<Answer> {
  const [port = 0] = site.ports;
  const town = await buildTown(site.observer, { port, competitions, people });
  const attacker = fork(new URL("attacker.ts", import.meta.url), {
    execArgv: ["--import", RUNS_TYPESCRIPT],
  });
  const honest = honestPeople(town);
  try {
    await once(attacker, "message");
    // As many failures as a network has in ten minutes.
    await limit("login", { address: KNOWN_ADDRESS, account: undefined }, 600);
    tell(attacker, { town });
    // The first requests of a process compile it.
    await honest.comeFor(500);
    let peace = await honest.comeFor(attackMs);
    log(`Without an attack: ${inWords(peace)}`);
    const withstood: Withstood[] = [];
    for (const [number, { name, timesPeace = TIMES_PEACE }] of ATTACKS.entries()) {
      const startedAt = performance.now();
      tell(attacker, { attack: number });
      const waited = await honest.comeFor(attackMs);
      const stopped = once(attacker, "message");
      tell(attacker, { stop: true });
      const [{ answered }] = (await stopped) as [{ answered: Answered }];
      const seconds = (performance.now() - startedAt) / 1_000;
      if (waited.p99 >= allowedMs(peace, timesPeace)) {
        // Perhaps not the attack: something else on the machine may have begun meanwhile.
        const now = await honest.comeFor(attackMs);
        if (now.p99 > peace.p99) peace = now;
      }
      const isWithstood = waited.p99 < allowedMs(peace, timesPeace);
      log(`${isWithstood ? "withstood" : "NOT WITHSTOOD"}: ${name}: ${inWords(waited)}`);
      withstood.push({ attack: name, answered, seconds, honest: waited, isWithstood });
    }
    return report({ peace, allowedMs: allowedMs(peace), withstood });
  } finally {
    honest.leave();
    attacker.disconnect();
    closeRedis();
    await site.stop();
  }
}

function allowedMs({ p99 }: Waited, timesPeace = TIMES_PEACE): number {
  return Math.max(PROMISED_MS, timesPeace * p99);
}

function tell(attacker: ChildProcess, order: Order): void {
  attacker.send(order);
}

function inWords({ p50, p99, requests, refused }: Waited): string {
  const odd = refused.length > 0 ? `, ${refused.length} refused (${refused[0]})` : "";
  return `${requests} honest requests, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms${odd}`;
}

function report(run: { peace: Waited; allowedMs: number; withstood: Withstood[] }): Answer {
  const { peace, allowedMs, withstood } = run;
  const row = (name: string, { p50, p99, worst }: Waited, answered: Answered = {}) => [
    name,
    p50.toFixed(0),
    p99.toFixed(0),
    ...["log in", "read", "register"].map((what) => (worst[what] ?? 0).toFixed(0)),
    Object.entries(answered)
      .map(([status, count]) => `${status} × ${count}`)
      .join(", "),
  ];
  const head = ["attack", "p50", "p99", "log in", "read", "register", "attackers were answered"];
  const rows = [
    row("none", peace),
    ...withstood.map(({ attack, honest, answered }) => row(attack, honest, answered)),
  ];
  const broken = withstood.filter(({ isWithstood }) => !isWithstood).map(({ attack }) => attack);
  const verdict =
    broken.length === 0
      ? `Every attack is withstood: an honest person's p99 stays below ${allowedMs.toFixed(0)} ms.`
      : `Not withstood (p99 of ${allowedMs.toFixed(0)} ms or more): ${broken.join("; ")}.`;
  const title = "What honest people wait, in ms: of all requests, then the longest of each kind";
  return {
    exitCode: broken.length === 0 ? 0 : 1,
    data: { allowedMs, peace, withstood },
    text: [title, table(head, rows), verdict].join("\n\n"),
  };
}
