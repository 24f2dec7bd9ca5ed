import { issueAccessToken } from "~/domain/accounts/index.server";
import type { Person } from "../../tests/support/fixtures";

/** Somebody with a token of the API. */
export interface Caller {
  user: Person;
  token: string;
}

/** Gives people tokens. */
export async function giveTokens(people: readonly Person[]): Promise<Caller[]> {
  const callers: Caller[] = [];
  for (const user of people) {
    const { accessToken } = await issueAccessToken(user);
    callers.push({ user, token: accessToken });
  }
  return callers;
}

/** A request to register, with an idempotency key as the API's users are told to send. */
export function registration({ user, token }: Caller, competitionId: string): string {
  return post(`/api/competitions/${competitionId}/register`, [
    `authorization: Bearer ${token}`,
    `idempotency-key: ${user.id}`,
  ]);
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

/** A page as somebody without an account asks for it. */
export function page(path: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n\r\n`;
}
