import { fileURLToPath } from "node:url";
import type { Arena } from "../domain/arena";
import type { Trace } from "../drive";
import { type Caller, giveTokens } from "./requests";
import { type Client, type Site, startClient, startSite } from "./site";

/** What a workload over HTTP gets besides. */
export interface HttpArena extends Arena {
  callers: Caller[];
  client: Client;
  /** For a crowd beside the one that is measured. */
  secondClient: Client;
  start: (side: { name: string; processes?: number }) => Promise<Site>;
}

export type HttpWorkload = (arena: HttpArena) => Promise<void>;

/** Runs a workload with a client and with servers that end with it. */
export async function withHttp(arena: Arena, play: HttpWorkload): Promise<void> {
  const client = startClient(beside("client"));
  const secondClient = startClient(beside("client"));
  const sites: Site[] = [];
  try {
    const callers = await giveTokens(arena.people);
    const start = async (side: { name: string; processes?: number }) => {
      const site = await startSite(beside("server"), side);
      sites.push(site);
      return site;
    };
    await play({ ...arena, callers, client, secondClient, start });
  } finally {
    client.stop();
    secondClient.stop();
    for (const site of sites) site.stop();
  }
}

function beside(program: string): string {
  return fileURLToPath(new URL(`./${program}.js`, import.meta.url));
}

/** Sends requests to a site; also tells what CPU the site's process used for one, in µs. */
export async function ask(
  { client }: HttpArena,
  site: Site,
  order: { requests: string[]; atOnce: number; forAtMostMs: number },
): Promise<{ trace: Trace; cpuMicros: number }> {
  const before = await site.cpuMs();
  const trace = await client.send({ port: site.port, ...order });
  const used = (await site.cpuMs()) - before;
  return { trace, cpuMicros: (used * 1_000) / trace.requests.length };
}
