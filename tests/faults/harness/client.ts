import { Agent, request } from "node:http";
import type { Dice } from "./dice";

/** The answer that a caller got, or that they got none. */
export type Reply =
  | { heard: true; status: number; code: string; body: string; isReplay: boolean }
  | { heard: false; nobodyListens?: boolean };

export interface Call {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  token: string;
  key?: string;
  json?: unknown;
}

/** Longer than any handler may take: after this there will be no answer. Milliseconds. */
const PATIENCE_MS = 30_000;

/** Calls the API, each time at one of the web processes, as a load balancer would. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 512 });
  private readonly ports: readonly number[];
  private readonly dice: Dice;

  constructor(ports: readonly number[], dice: Dice) {
    this.ports = ports;
    this.dice = dice;
  }

  /** Asks one web process after the other until one listens. */
  async call(call: Call): Promise<Reply> {
    const first = this.dice.between(0, this.ports.length - 1);
    for (const port of [...this.ports.slice(first), ...this.ports.slice(0, first)]) {
      const reply = await this.send(call, port);
      if (reply !== "refused") return reply;
    }
    return { heard: false, nobodyListens: true };
  }

  private send({ method, path, token, key, json }: Call, port: number): Promise<Reply | "refused"> {
    return new Promise((resolve) => {
      const body = json === undefined ? undefined : JSON.stringify(json);
      const outgoing = request(
        {
          agent: this.agent,
          host: "127.0.0.1",
          port,
          method,
          path,
          timeout: PATIENCE_MS,
          headers: {
            authorization: `Bearer ${token}`,
            ...(key === undefined ? {} : { "idempotency-key": key }),
            ...(body === undefined
              ? {}
              : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", () => resolve({ heard: false }));
          incoming.on("end", () => {
            if (!incoming.complete) return resolve({ heard: false });
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({
              heard: true,
              status: incoming.statusCode ?? 0,
              code: (incoming.statusCode ?? 0) >= 400 ? codeOf(text) : "",
              body: text,
              isReplay: incoming.headers["idempotent-replayed"] === "true",
            });
          });
        },
      );
      outgoing.on("error", ({ code }: NodeJS.ErrnoException) =>
        resolve(code === "ECONNREFUSED" ? "refused" : { heard: false }),
      );
      outgoing.on("timeout", () => outgoing.destroy());
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function codeOf(problem: string): string {
  try {
    return String((JSON.parse(problem) as { code?: unknown }).code ?? "");
  } catch {
    return "";
  }
}
