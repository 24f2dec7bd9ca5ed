import { fileURLToPath } from "node:url";
import type { Arena, Workload } from "../arena.ts";
import { type Caller, giveTokens } from "../people.ts";
import type { Trace } from "../trace.ts";
import { type Client, type Running, type Site, startClient, startSite } from "./site.ts";

/** What a workload over HTTP gets besides. */
export interface HttpArena extends Arena {
  callers: Caller[];
  client: Client;
  /** For a crowd beside the one that is measured. */
  secondClient: Client;
  start: (side: { name: string; processes?: number }) => Promise<Site>;
  /** Ends a process with the workload, at the latest. */
  own: <Process extends Running>(process: Process) => Process;
}

export type HttpWorkload = (arena: HttpArena) => Promise<void>;

/** Makes a workload of one over HTTP: with clients, and with servers that end with it. */
export function overHttp(play: HttpWorkload): Workload {
  return async (arena) => {
    const client = startClient(beside("client"));
    const secondClient = startClient(beside("client"));
    const owned: Running[] = [];
    const own: HttpArena["own"] = (process) => {
      owned.push(process);
      return process;
    };
    const start: HttpArena["start"] = async (side) => own(await startSite(beside("server"), side));
    try {
      const callers = await giveTokens(arena.people);
      await play({ ...arena, callers, client, secondClient, start, own });
    } finally {
      await Promise.all([client, secondClient, ...owned].map(({ stop }) => stop()));
    }
  };
}

/** The path of another of the bench's programs. */
export function beside(program: "client" | "server" | "seedWorker"): string {
  return fileURLToPath(new URL(`./${program}.js`, import.meta.url));
}

/** Sends requests to a site; also says what CPU the site's process used for one, in µs. */
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
