import { randomUUID } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import { issueAccessToken, type Role, User, type UserView } from "~/domain/accounts/index.server";
import { database } from "~/platform/orm";

export interface ApiCall {
  method?: string;
  path: string;
  token?: string;
  /** A name may come twice. */
  headers?: [string, string][];
  /** A body to send as JSON. */
  json?: unknown;
  /** A body to send as it is. */
  raw?: string | Buffer;
  /** Sends the body without saying how long it is. */
  chunked?: boolean;
}

export interface ApiReply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests inspect whatever came
  body: any;
}

/** Sends a request exactly as it is described; `fetch` would correct or refuse half of them. */
export function call(
  server: string,
  { method = "GET", path, ...rest }: ApiCall,
): Promise<ApiReply> {
  const { token, headers = [], json, raw, chunked } = rest;
  const body = raw ?? (json === undefined ? undefined : JSON.stringify(json));
  const { hostname, port } = new URL(server);
  return new Promise((resolve, reject) => {
    const req = request({ method, path, hostname, port, agent: false }, (res) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          text,
          body: isJson(res.headers["content-type"]) && text ? JSON.parse(text) : undefined,
        });
      });
      res.on("error", reject);
    });
    req.on("error", reject);
    if (token) req.setHeader("authorization", `Bearer ${token}`);
    if (json !== undefined) req.setHeader("content-type", "application/json");
    for (const [name, value] of headers) req.appendHeader(name, value);
    if (body !== undefined && chunked) req.setHeader("transfer-encoding", "chunked");
    else if (body !== undefined) req.setHeader("content-length", Buffer.byteLength(body));
    req.end(body);
  });
}

function isJson(type = ""): boolean {
  return /^application\/(problem\+)?json/.test(type);
}

/** A user with a token, without the 70 ms that a password costs. */
export async function newCaller(
  role: Role = "PARTICIPANT",
): Promise<{ user: UserView; token: string }> {
  const user = { id: randomUUID(), email: `${randomUUID()}@example.com`, name: "Somebody", role };
  await database().insert(User, { ...user, passwordHash: "none" });
  const { accessToken } = await issueAccessToken(user);
  return { user, token: accessToken };
}

/** A competition's fields, open for another day. */
export function competitionInput(changes: Record<string, unknown> = {}) {
  const tomorrow = Date.now() + 24 * 3600 * 1000;
  return {
    title: "Hackathon",
    description: "Build the next big thing in 48 hours",
    tags: ["coding"],
    capacity: 3,
    regDeadline: new Date(tomorrow).toISOString(),
    startDate: new Date(tomorrow + 3600 * 1000).toISOString(),
    ...changes,
  };
}
