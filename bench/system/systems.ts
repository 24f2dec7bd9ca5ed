import { openRivalCompetition, rivals } from "../domain/rival-database.ts";
import { openCompetition } from "../domain/sides/product.ts";
import { beside, type HttpArena } from "../http/http-arena.ts";
import { registration } from "../http/requests.ts";
import { type Running, startBuilt, startProgram } from "../http/site.ts";
import type { Caller } from "../people.ts";
import { type Crowd, serve, untilDone, untilWritten } from "./crowd.ts";

/** All that serves a crowd: a web process, a worker, and the servers that they share. */
export interface System {
  name: string;
  web: Running;
  startWorker: () => Promise<Running>;
  /** Makes an open competition and returns its id. */
  open: (competition: { capacity: number }) => Promise<string>;
  /** Resolves when the last mail is in the mailbox. */
  untilWritten: () => Promise<void>;
}

/** Starts the web processes of the product, as it ships, and of the seed. */
export async function startSystems(arena: HttpArena): Promise<{ product: System; seed: System }> {
  const shipped = async (program: "server" | "worker") =>
    arena.own(await startBuilt({ folder: ".", program }));
  return {
    product: {
      name: "product",
      web: await shipped("server"),
      startWorker: () => shipped("worker"),
      open: openCompetition,
      untilWritten: () => untilWritten(rivals()),
    },
    seed: {
      name: "seed",
      web: await arena.start({ name: "seed-with-mail" }),
      startWorker: async () => arena.own(await startProgram(beside("seedWorker"))),
      open: openRivalCompetition,
      untilWritten: () => untilDone(rivals(), ALL_OF_SEEDS_MAIL),
    },
  };
}

const ALL_OF_SEEDS_MAIL = `
select (select count(*) from rival.mail_box) >= (select count(*) from rival.registration) as done`;

/** A system at work. */
export interface Scene {
  /** What all crowds that it serves have in common. */
  crowd: Pick<Crowd, "client" | "port" | "pids" | "untilWritten">;
  /** Requests of people for a competition: their keys are of this competition, too. */
  requestsFor: (competitionId: string, callers: readonly Caller[]) => string[];
}

/** A worker that has just started compiles its code first; after so many mails it is warm. */
const FIRST_FEW = 500;

/**
 * Runs a system with a worker that is as warm as its web process, or with none, and ends the worker
 * afterwards.
 */
export async function atWork(
  arena: HttpArena,
  system: System,
  { hasWorker = true }: { hasWorker?: boolean },
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const { web, untilWritten } = system;
  const worker = hasWorker ? await system.startWorker() : null;
  const pids = { web: web.pid, ...(worker && { worker: worker.pid }), ...arena.pids };
  const crowd = {
    client: arena.client,
    port: web.port,
    pids,
    ...(worker && { untilWritten }),
  };
  const requestsFor: Scene["requestsFor"] = (competitionId, callers) =>
    callers.map((caller) => registration(caller, competitionId, competitionId + caller.user.id));
  const first = arena.callers.slice(0, FIRST_FEW);
  const id = await system.open({ capacity: first.length });
  await serve({ ...crowd, requests: requestsFor(id, first), expected: "registered" });
  await work({ crowd, requestsFor });
  await worker?.stop();
}
