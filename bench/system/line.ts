import { takeTurns } from "../arena.ts";
import { rivals } from "../domain/rival-database.ts";
import { openCompetition } from "../domain/sides/product.ts";
import { beside, type HttpWorkload } from "../http/http-arena.ts";
import { joining } from "../http/requests.ts";
import { startBuilt, startClient } from "../http/site.ts";
import { serve } from "./crowd.ts";
import { batchSize, besideCancellations, promoteMany, type Scene } from "./line-changes.ts";

/** What a turn does, and how many people it needs. */
interface Turn {
  name: string;
  play: (scene: Scene, turn: { name: string; round: number }) => Promise<void>;
}

/**
 * The line over HTTP: what joining costs beside a seat, refusals where it is full or there is none,
 * 20,000 people for 1,000 seats, a thousand who are promoted, and joins beside cancellations. The first
 * turns have no worker: what they compare is the web's.
 */
export const line: HttpWorkload = async (arena) => {
  const web = arena.own(await startBuilt({ folder: ".", program: "server" }));
  const few = arena.quick ? 1_000 : 4_000;
  const turns: Turn[] = [
    {
      name: "seat",
      play: (scene, turn) => ask(scene, turn, { capacity: few, waitlistLimit: few, ask: few }),
    },
    { name: "join", play: (scene, turn) => ask(scene, turn, { waitlistLimit: few, ask: few }) },
    {
      name: "refusal, no line",
      play: (scene, turn) => ask(scene, turn, { waitlistLimit: 0, ask: few, expected: "full" }),
    },
    {
      name: "refusal, line full",
      play: (scene, turn) => ask(scene, turn, { waitlistLimit: 1, ask: few, expected: "full" }),
    },
    {
      name: "join beside cancellations",
      play: (scene, turn) => besideCancellations(scene, { ...turn, joins: few, leave: few / 8 }),
    },
    { name: "20,000 at once", play: comeTogether },
    { name: "1,000 promoted", play: (scene, turn) => promoteMany(scene, turn) },
  ];
  await takeTurns(arena, turns, (turn, round) => turn.play({ arena, web }, { ...turn, round }));
};

/** Seats are sold out to all but those who then ask, whose answers are measured. */
async function ask(
  { arena, web }: Scene,
  { name, round }: { name: string; round: number },
  asked: { capacity?: number; waitlistLimit: number; ask: number; expected?: "full" },
): Promise<void> {
  const { capacity = 1, waitlistLimit, expected = "registered" } = asked;
  const id = await openCompetition({ capacity, waitlistLimit });
  const port = web.port;
  const crowd = { client: arena.client, port, pids: { web: web.pid, ...arena.pids } };
  const first = capacity > 1 ? 0 : expected === "full" ? 1 + waitlistLimit : 1;
  const [before, people] = [arena.callers.slice(0, first), arena.callers.slice(first)];
  if (first > 0) {
    const requests = before.map((caller) => joining(caller, id));
    await serve({ ...crowd, requests, expected: "registered", atOnce: 1 });
  }
  const requests = people.slice(0, asked.ask).map((caller) => joining(caller, id));
  const values = await serve({ ...crowd, requests, expected });
  const all = expected === "full" ? values : { ...values, batchSize: await batchSize(id) };
  arena.measured({ workload: "line", side: name, round, values: all });
}

/** So many have a connection each; more than these are not needed to keep everybody busy. */
const CONNECTIONS = 1_000;

/** Everybody presses at once; a twentieth gets a seat, the others a place. */
async function comeTogether(
  { arena, web }: Scene,
  { name, round }: { name: string; round: number },
): Promise<void> {
  const { callers } = arena;
  const seats = callers.length / 20;
  const id = await openCompetition({ capacity: seats, waitlistLimit: callers.length });
  const client = startClient(beside("client"));
  try {
    const requests = callers.map((caller) => joining(caller, id));
    const crowd = { client, port: web.port, pids: { web: web.pid, ...arena.pids } };
    const startedAtMs = performance.now();
    const { wrong, ...values } = await serve({
      ...crowd,
      requests,
      expected: "registered",
      atOnce: CONNECTIONS,
    });
    const answeredSeconds = (performance.now() - startedAtMs) / 1_000;
    const isRight = await isLineRight(id, { seats, waiting: callers.length - seats });
    const all = { ...values, answeredSeconds, wrong: wrong + (isRight ? 0 : 1) };
    arena.measured({ workload: "line", side: name, round, values: all });
  } finally {
    client.stop();
  }
}

/** Whether everybody has a seat or a number, and the numbers are those from 1 on, each once. */
async function isLineRight(id: string, { seats, waiting }: { seats: number; waiting: number }) {
  const { rows } = await rivals().query<{ right: boolean }>(
    `select count(*) filter (where status = 'CONFIRMED') = $2
        and count(distinct line_no) filter (where status = 'WAITLISTED') = $3
        and max(line_no) = $3 and min(line_no) = 1 as right
       from registration where competition_id = $1`,
    [id, seats, waiting],
  );
  return rows[0]?.right === true;
}
