import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { closeDatabase } from "~/platform/orm";
import { closeRedis } from "~/platform/redis";
import { invitePeople } from "../domain/arena";
import { openCompetition } from "../domain/sides/product";
import { giveTokens, page, registration } from "../http/requests";
import { type Client, type Site, startClient, startSite } from "../http/site";
import type { Programs } from "../programs";
import type { CpuProfile } from "./flame-graph";

const PEOPLE = 12_000;
const PAGES = 3_000;

type Load = (client: Client, site: Site) => Promise<unknown>;

/** What is profiled: 200 at once of whom each gets a seat, and one competition's page. */
export const LOADS: Record<"register" | "detail", Load> = {
  async register(client, { port }) {
    const people = await invitePeople({ quick: false });
    const callers = await giveTokens(people.slice(0, PEOPLE));
    const id = await openCompetition({ capacity: PEOPLE });
    const requests = callers.map((caller) => registration(caller, id));
    await client.send({ port, requests, atOnce: 200, forAtMostMs: 60_000 });
  },
  async detail(client, { port }) {
    const path = `/competitions/${await openCompetition({ capacity: 100 })}`;
    const requests = Array.from({ length: PAGES }, () => page(path));
    await client.send({ port, requests, atOnce: 20, forAtMostMs: 60_000 });
  },
};

/** Profiles a web process of its own under a load. */
export async function record(programs: Programs, load: Load): Promise<CpuProfile> {
  const folder = mkdtempSync(join(tmpdir(), "mini-compete-profile-"));
  process.env.BENCH_WEB_FLAGS = `--cpu-prof --cpu-prof-dir=${folder}`;
  const client = startClient(programs.client);
  try {
    const site = await startSite(programs.server, { name: "product" });
    await load(client, site);
    site.stop();
    return JSON.parse(await writtenIn(folder));
  } finally {
    client.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The profile is whole when the process that writes it has gone; its JSON ends with a brace. */
async function writtenIn(folder: string): Promise<string> {
  for (;;) {
    const [name] = readdirSync(folder);
    const text = name ? readFileSync(join(folder, name), "utf8") : "";
    if (text.endsWith("}")) return text;
    await setTimeout(100);
  }
}

/** Gives back what setting the scene opened. */
export async function closeScene(): Promise<void> {
  closeRedis();
  await closeDatabase();
}
