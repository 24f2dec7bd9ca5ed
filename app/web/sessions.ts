import {
  type AppLoadContext,
  type CookieOptions,
  createCookie,
  createCookieSessionStorage,
  redirect,
} from "@remix-run/node";
import { LRUCache } from "lru-cache";
import { type Action, forbidden, isRoleFor } from "~/domain/access";
import {
  endSession,
  findSessionUser,
  SESSION_SECONDS,
  type SessionUser,
  startSession,
} from "~/domain/accounts/index.server";
import { env } from "~/platform/env";
import { singleton } from "~/platform/singleton";
import { sessionSecrets } from "~/platform/web-settings";
import { noteAsker } from "./askers";

/** How long a message waits for the next page, in seconds. */
const FLASH_SECONDS = 60;

/**
 * Who is signed in by cookie, with the role they have now, or null. Looked up once for each page.
 *
 * @param context has the user if they were looked up for this page before
 */
export function findUser(
  request: Request,
  context?: Pick<AppLoadContext, "user">,
): Promise<SessionUser | null> {
  const known = users.get(request) ?? context?.user;
  if (known) return known;
  const user = findUserOf(request.headers.get("Cookie")).then((found) => {
    noteAsker(request, found?.id);
    return found;
  });
  users.set(request, user);
  return user;
}

/** The same for a request's cookies. */
export async function findUserOf(cookies: string | null): Promise<SessionUser | null> {
  const sessionId = await readSessionId(cookies);
  const user = sessionId ? await findSessionUser(sessionId) : null;
  if (sessionId && user) owners.set(sessionId, user.id);
  return user;
}

/** Whether these cookies may hold more than a time zone. */
export function isForSomebody(cookies: string | undefined): boolean {
  return cookies !== undefined && /(?:^|;\s*)(?:__Host-)?(?:session|flash)=/.test(cookies);
}

/**
 * Who is signed in.
 *
 * @throws Response a redirect to the login page, which leads back here; with a message for somebody who
 *   pressed a button, since they were signed in when they saw it
 */
export async function requireUser(request: Request): Promise<SessionUser> {
  const user = await findUser(request);
  if (user) return user;
  const { pathname, search } = new URL(request.url);
  const isRead = request.method === "GET" || request.method === "HEAD";
  const whole = encodeURIComponent(pathname + search);
  const back = isRead && whole.length <= LONGEST_BACK ? whole : encodeURIComponent(pathname);
  const headers = isRead ? undefined : { "Set-Cookie": await flash(LOGGED_OUT) };
  throw redirect(`/login?redirectTo=${back}`, { status: 303, headers });
}

/** The way back is part of an address, whose length is limited. Characters. */
const LONGEST_BACK = 4_000;

const LOGGED_OUT = "You were logged out, and nothing was done. Log in, and press again.";

/**
 * Who is signed in, if their role may do this.
 *
 * @throws Response 403 for the other role, a redirect to the login page for nobody.
 */
export async function requireActor(request: Request, action: Action): Promise<SessionUser> {
  const user = await requireUser(request);
  if (isRoleFor({ actor: user, action })) return user;
  throw new Response(forbidden(action).message, { status: 403, statusText: "Forbidden" });
}

/** Starts a session, in place of the one that the request came with. Returns its `Set-Cookie` value. */
export async function signIn(request: Request, userId: string): Promise<string> {
  // A new id for every login: one that somebody planted beforehand opens nothing.
  await logOut(request);
  const { sessionId } = await startSession({ userId });
  const session = await storage().getSession();
  session.set("sessionId", sessionId);
  return storage().commitSession(session);
}

/** Ends the session, for every copy of its cookie. Returns the `Set-Cookie` value to answer with. */
export async function logOut(request: Request): Promise<string> {
  const sessionId = await findSessionId(request);
  if (sessionId) await endSession(sessionId);
  return storage().destroySession(await storage().getSession());
}

/** The `Set-Cookie` value that shows a message on the next page. */
export function flash(message: string): Promise<string> {
  return flashCookie().serialize(message);
}

/** The message for this page, and the `Set-Cookie` value that keeps it from showing again. */
export async function takeFlash(
  request: Request,
): Promise<{ message: string; cookie: string } | null> {
  const message: unknown = await flashCookie().parse(request.headers.get("Cookie"));
  if (typeof message !== "string" || message === "") return null;
  return { message, cookie: await flashCookie().serialize("", { maxAge: 0 }) };
}

/**
 * Names the account behind these cookies, for counting only: nobody is looked up. Until this process has
 * seen whose session it is, the session's id stands for the account.
 */
export async function accountOf(cookies: string | undefined): Promise<string | undefined> {
  if (!cookies) return undefined;
  const sessionId = await readSessionId(cookies);
  return sessionId ? (owners.get(sessionId) ?? sessionId) : undefined;
}

const owners = new LRUCache<string, string>({ max: 20_000 });
const users = new WeakMap<Request, Promise<SessionUser | null>>();

/** The session's id in the request's cookie, when we signed it. */
function findSessionId(request: Request): Promise<string | null> {
  return readSessionId(request.headers.get("Cookie"));
}

async function readSessionId(cookies: string | null): Promise<string | null> {
  const session = await storage().getSession(cookies);
  return session.data.sessionId ?? null;
}

function storage() {
  return singleton("session-storage", () =>
    createCookieSessionStorage<{ sessionId: string }>({
      cookie: { ...cookieOptions(), name: cookieName("session"), maxAge: SESSION_SECONDS },
    }),
  );
}

function flashCookie() {
  return singleton("flash-cookie", () =>
    createCookie(cookieName("flash"), { ...cookieOptions(), maxAge: FLASH_SECONDS }),
  );
}

/** What every cookie of ours has in common: signed, out of reach of scripts and of other sites. */
export function cookieOptions(): CookieOptions {
  return {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isHttps(),
    secrets: sessionSecrets(),
  };
}

/** Under HTTPS the prefix makes browsers refuse the cookie from a subdomain or over plain HTTP. */
export function cookieName(name: string): string {
  return isHttps() ? `__Host-${name}` : name;
}

function isHttps(): boolean {
  return env().PUBLIC_URL?.startsWith("https:") ?? false;
}
