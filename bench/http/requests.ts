import type { Caller } from "../people.ts";

/** A request to register, with the idempotency key that the API recommends: one for each request. */
export function registration(
  { user, token }: Caller,
  competitionId: string,
  key: string = user.id,
  body = "{}",
): string {
  const headers = [`authorization: Bearer ${token}`, `idempotency-key: ${key}`];
  return post(`/api/competitions/${competitionId}/register`, headers, body);
}

/** The same of somebody for whom a place in line will do. */
export function joining(caller: Caller, competitionId: string): string {
  const key = competitionId + caller.user.id;
  return registration(caller, competitionId, key, '{"waitlist":true}');
}

/** A request to give up one's seat, or place in line. */
export function cancellation({ token }: Caller, competitionId: string): string {
  return [
    `DELETE /api/competitions/${competitionId}/register HTTP/1.1`,
    "host: localhost",
    `authorization: Bearer ${token}`,
    "\r\n",
  ].join("\r\n");
}

/** A POST of JSON in ASCII. */
export function post(path: string, headers: string[] = [], body = "{}"): string {
  const lines = [
    `POST ${path} HTTP/1.1`,
    "host: localhost",
    "content-type: application/json",
    `content-length: ${body.length}`,
    ...headers,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** A request for a page; without an account, unless a header says otherwise. */
export function page(path: string, headers: string[] = []): string {
  const lines = [`GET ${path} HTTP/1.1`, "host: localhost", "accept: text/html", ...headers];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

const DAY_MS = 24 * 3_600_000;

/** Makes an open competition through the API. @returns its id */
export async function openOverHttp(
  port: number,
  { organizer, capacity }: { organizer: Caller; capacity: number },
): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/competitions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${organizer.token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      title: "A hot competition",
      description: "About it",
      tags: ["hot"],
      capacity,
      regDeadline: new Date(Date.now() + DAY_MS),
      startDate: new Date(Date.now() + 30 * DAY_MS),
    }),
  });
  const made: { id?: string } = await response.json();
  if (!made.id) throw new Error(`no competition was made: ${response.status}`);
  return made.id;
}
