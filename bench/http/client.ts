import { drive, type Trace } from "../trace.ts";
import { type Connection, connectTo, type HttpAnswer } from "./connection.ts";

/** What the client is to send, and how. */
export interface ClientOrder {
  port: number;
  /** Whole HTTP/1.1 requests. */
  requests: string[];
  atOnce: number;
  forAtMostMs: number;
}

// A process of its own: what it costs to ask must not slow down those who answer. It speaks just
// enough HTTP to read an answer, since two cores serve client, web, Postgres and Redis together.
process.on("message", (order: ClientOrder) => {
  run(order).then(
    (trace) => process.send?.({ trace }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));

async function run({ port, requests, atOnce, forAtMostMs }: ClientOrder): Promise<Trace> {
  const idle: Connection[] = [];
  for (let opened = 0; opened < Math.min(atOnce, requests.length); opened++) {
    idle.push(await connectTo(port));
  }
  const trace = await drive({
    items: requests,
    atOnce,
    forAtMostMs,
    ask: async (request) => {
      const connection = idle.pop();
      if (!connection) throw new Error("more at once than connections");
      const answer = await connection.ask(request);
      idle.push(connection);
      return endingOf(answer);
    },
  });
  for (const connection of idle) connection.close();
  return trace;
}

function endingOf({ status, body }: HttpAnswer) {
  if (status === 201) return "registered";
  if (status === 409 && /"(?:competition|waitlist)_full"/.test(body)) return "full";
  return status >= 200 && status < 300 ? "ok" : "other";
}
