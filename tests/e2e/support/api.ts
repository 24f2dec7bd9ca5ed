import { randomUUID } from "node:crypto";
import { writeAccount } from "./accounts";
import { siteUrl } from "./site-url";

export interface Person {
  id: string;
  name: string;
  email: string;
  role: "PARTICIPANT" | "ORGANIZER";
  token: string;
}

export interface Competition {
  id: string;
  title: string;
  capacity: number;
  regDeadline: string;
  startDate: string | null;
  organizer: Person;
}

export interface Registration {
  id: string;
  seatNo: number;
  user: { id: string; name: string; email: string };
}

export interface Mail {
  id: string;
  to: string;
  subject: string;
  body: string;
}

export interface Reply<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/** The password of everybody whom the tests sign up. */
export const PASSWORD = "correct horse 9";

export const HOUR_MS = 3_600_000;

/** Calls the API as a program would. */
export async function call<Body>(
  path: string,
  options: { method?: string; token?: string; json?: unknown; headers?: HeadersInit } = {},
): Promise<Reply<Body>> {
  const headers = new Headers(options.headers);
  if (options.token) headers.set("Authorization", `Bearer ${options.token}`);
  if (options.json !== undefined) headers.set("Content-Type", "application/json");
  const body = options.json === undefined ? undefined : JSON.stringify(options.json);
  const method = options.method ?? "GET";
  const response = await fetch(siteUrl(path), { method, headers, body, redirect: "manual" });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : text,
  };
}

/** As `call`, for what a test needs to have happened before it starts. */
async function must<Body>(
  status: number,
  path: string,
  options: Parameters<typeof call>[1],
): Promise<Body> {
  const reply = await call<Body>(path, options);
  if (reply.status === status) return reply.body;
  throw new Error(
    `${options?.method ?? "GET"} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`,
  );
}

/** An address that nobody else in these tests has. */
export function freshEmail(): string {
  return `${randomUUID()}@example.com`;
}

/** A word that no other test's title has, to search for. */
export function freshWord(): string {
  return `w${randomUUID().slice(0, 8)}`;
}

/** Somebody new. */
export async function signUp(
  role: Person["role"] = "PARTICIPANT",
  name = role === "PARTICIPANT" ? "Paula Participant" : "Otto Organizer",
  email = freshEmail(),
): Promise<Person> {
  const json = { name, email, password: PASSWORD, role };
  const { access_token, user } = (await writeAccount(json))
    ? await must<Access>(200, "/api/auth/login", {
        method: "POST",
        json: { email, password: PASSWORD },
      })
    : await must<Access>(201, "/api/auth/signup", { method: "POST", json });
  return { id: user.id, name, email, role, token: access_token };
}

interface Access {
  access_token: string;
  user: { id: string };
}

/** So many new participants, a few at a time. */
export async function signUpMany(count: number): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) {
    const group = Array.from({ length: Math.min(8, count - people.length) }, () => signUp());
    people.push(...(await Promise.all(group)));
  }
  return people;
}

/** A competition that is open and has no line, of an organizer of its own unless one is given. */
export async function openCompetition(
  changes: Partial<{
    title: string;
    description: string;
    tags: string[];
    capacity: number;
    waitlistLimit: number;
    opensAt: string | null;
    regDeadline: string;
    startDate: string | null;
    timeZone: string;
    location: string | null;
    draft: boolean;
    organizer: Person;
  }> = {},
): Promise<Competition> {
  const { organizer = await signUp("ORGANIZER"), ...input } = changes;
  const json = {
    title: `Chess open ${freshWord()}`,
    description: "Seven rounds, fifteen minutes each.",
    tags: ["chess"],
    capacity: 10,
    waitlistLimit: 0,
    regDeadline: inFuture(24 * HOUR_MS),
    startDate: inFuture(72 * HOUR_MS),
    ...input,
  };
  if (changes.regDeadline && changes.startDate === undefined) json.startDate = null;
  const { token } = organizer;
  const created = await must<Competition>(201, "/api/competitions", {
    method: "POST",
    token,
    json,
  });
  return { ...created, organizer };
}

/** A full competition with a line, and who has its seat. */
export async function openFull({ waitlistLimit = 10, capacity = 1 } = {}) {
  const competition = await openCompetition({ capacity, waitlistLimit });
  const seated = await signUp();
  await takeSeat(competition, seated);
  return { competition, seated, path: `/competitions/${competition.id}` };
}

/** Lets the deadline pass soon: however slow the machine, whoever looked before saw it open. */
export function closeSoon({ id, organizer }: Competition): Promise<Competition> {
  const json = { regDeadline: inFuture(3_000) };
  return must(200, `/api/competitions/${id}`, { method: "PATCH", token: organizer.token, json });
}

/** An instant so many milliseconds from now, as the API writes it. */
export function inFuture(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

/** Asks for a seat. */
export function register(person: Person, competition: { id: string }, key?: string) {
  return call<Registration>(`/api/competitions/${competition.id}/register`, {
    method: "POST",
    token: person.token,
    json: {},
    headers: key ? { "Idempotency-Key": key } : {},
  });
}

/** Takes a seat, for a test that needs it taken. */
export async function takeSeat(
  competition: { id: string },
  person?: Person,
): Promise<Registration> {
  const participant = person ?? (await signUp());
  return must(201, `/api/competitions/${competition.id}/register`, {
    method: "POST",
    token: participant.token,
    json: {},
  });
}

/** Takes the next place in line. */
export async function joinLine({ id }: { id: string }, person?: Person): Promise<Person> {
  const { token, ...participant } = person ?? (await signUp());
  const json = { waitlist: true };
  await must(201, `/api/competitions/${id}/register`, { method: "POST", token, json });
  return { token, ...participant };
}

/** Gives a seat back, or leaves the line. */
export function giveUp({ id }: { id: string }, { token }: Person) {
  return must(204, `/api/competitions/${id}/register`, { method: "DELETE", token });
}

/** Who has a seat, by seat number. */
export async function participantsOf({ id, organizer }: Competition): Promise<Registration[]> {
  return must(200, `/api/competitions/${id}/participants`, { token: organizer.token });
}

/** The mail somebody was sent, newest first. */
export async function mailOf({ token }: Person): Promise<Mail[]> {
  return must(200, "/api/mailbox", { token });
}

/** The competition as the API shows it now. */
export async function readCompetition<Body = Record<string, unknown>>(id: string): Promise<Body> {
  return must(200, `/api/competitions/${id}`, {});
}
