import { Agent, request } from "node:http";

export interface Question {
  method?: "GET" | "POST" | "DELETE";
  path: string;
  /** Where it seems to come from: the web process trusts the proxy that this claims to be. */
  from: string;
  token?: string | undefined;
  key?: string;
  json?: unknown;
  /** In place of the type of JSON. */
  type?: string;
}

/** Longer than any handler may take. Milliseconds. */
const PATIENCE_MS = 30_000;

/** Asks one web process over kept connections. @returns the status and the body; 0 without answer */
export function openLine(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });

  function ask(question: Question): Promise<{ status: number; body: string }> {
    const { method = "GET", path, from, token, key, json, type = "application/json" } = question;
    const body = json === undefined ? undefined : JSON.stringify(json);
    return new Promise((resolve) => {
      const outgoing = request(
        {
          agent,
          host: "127.0.0.1",
          port,
          method,
          path,
          timeout: PATIENCE_MS,
          headers: {
            "x-forwarded-for": from,
            ...(token && { authorization: `Bearer ${token}` }),
            ...(key && { "idempotency-key": key }),
            ...(body !== undefined && {
              "content-type": type,
              "content-length": Buffer.byteLength(body),
            }),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", () => resolve({ status: 0, body: "" }));
          incoming.on("end", () => {
            const status = incoming.statusCode ?? 0;
            resolve({ status, body: Buffer.concat(chunks).toString("utf8") });
          });
        },
      );
      outgoing.on("error", () => resolve({ status: 0, body: "" }));
      outgoing.on("timeout", () => outgoing.destroy());
      outgoing.end(body);
    });
  }

  return { ask, close: () => agent.destroy() };
}

export type Ask = ReturnType<typeof openLine>["ask"];
