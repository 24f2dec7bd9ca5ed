import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { ensureBuild } from "../../scripts/launcher/build.ts";
import { openOverHttp, page, registration } from "../http/requests.ts";
import { type Client, startBuilt, startClient } from "../http/site.ts";
import { type Caller, giveTokens, invitePeople } from "../people.ts";
import { buildBenchPrograms } from "../programs.ts";
import { createProgress } from "../progress.ts";
import { migrate, SETTINGS, startServers } from "../servers.ts";
import { type CpuProfile, flameGraph } from "./flame-graph.ts";

const PEOPLE = 12_000;
const PAGES = 3_000;

interface Scene {
  client: Client;
  port: number;
  organizer: Caller;
  people: Caller[];
}

/** What is profiled, by the name of its picture. */
const LOADS = {
  register: {
    title: "A web process in a rush: 200 people at once, each gets a seat",
    async run({ client, port, organizer, people }: Scene) {
      const id = await openOverHttp(port, { organizer, capacity: PEOPLE });
      const requests = people.map((caller) => registration(caller, id));
      await client.send({ port, requests, atOnce: 200, forAtMostMs: 60_000 });
    },
  },
  detail: {
    title: "A web process that serves a competition's page",
    async run({ client, port, organizer }: Scene) {
      const path = `/competitions/${await openOverHttp(port, { organizer, capacity: 100 })}`;
      const requests = Array.from({ length: PAGES }, () => page(path));
      await client.send({ port, requests, atOnce: 20, forAtMostMs: 60_000 });
    },
  },
};

const progress = createProgress();
await ensureBuild(progress);
const programs = await buildBenchPrograms();
const servers = await startServers(progress);
const pool = new Pool({ connectionString: servers.addresses.DATABASE_URL });
const client = startClient(programs.client);
try {
  await migrate(servers.addresses);
  const [organizer] = await giveTokens(await invitePeople(pool, 1, "ORGANIZER"));
  const people = await giveTokens(await invitePeople(pool, PEOPLE));
  if (!organizer) throw new Error("nobody was invited");
  for (const [name, { title, run }] of Object.entries(LOADS)) {
    progress(`profiling: ${name}`);
    const profile = await record((port) => run({ client, port, organizer, people }));
    writeFileSync(`docs/images/flame-${name}.svg`, flameGraph(profile, title));
  }
} finally {
  client.stop();
  await pool.end();
  await servers.stop();
}

/** Profiles a web process of its own under a load; it writes the profile down when it ends. */
async function record(load: (port: number) => Promise<void>): Promise<CpuProfile> {
  const profiles = mkdtempSync(join(tmpdir(), "mini-compete-profile-"));
  try {
    const web = await startBuilt({
      folder: ".",
      program: "server",
      env: { ...SETTINGS, ...servers.addresses },
      flags: ["--cpu-prof", `--cpu-prof-dir=${profiles}`],
    });
    await load(web.port);
    await web.stop();
    const [name = ""] = readdirSync(profiles);
    return JSON.parse(readFileSync(join(profiles, name), "utf8"));
  } finally {
    rmSync(profiles, { recursive: true, force: true });
  }
}
