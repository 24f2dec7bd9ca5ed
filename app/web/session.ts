import { type CookieOptions, createCookie, createCookieSessionStorage } from "@remix-run/node";
import { SESSION_SECONDS } from "~/domain/accounts/index.server";
import { env } from "~/platform/env";
import { singleton } from "~/platform/singleton";

/** How long a message waits for the next page, in seconds. */
const FLASH_SECONDS = 60;

/** The session's id in the request's cookie, when we signed it. */
export async function findSessionId(request: Request): Promise<string | null> {
  const session = await storage().getSession(request.headers.get("Cookie"));
  return session.data.sessionId ?? null;
}

/** The `Set-Cookie` value that makes the browser remember a session. */
export async function rememberSession(sessionId: string): Promise<string> {
  const session = await storage().getSession();
  session.set("sessionId", sessionId);
  return storage().commitSession(session);
}

/** The `Set-Cookie` value that makes the browser forget its session. */
export async function forgetSession(): Promise<string> {
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

function cookieOptions(): CookieOptions {
  return {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: isHttps(),
    secrets: [env().SESSION_SECRET],
  };
}

/** Under HTTPS the prefix makes browsers refuse the cookie from a subdomain or over plain HTTP. */
function cookieName(name: string): string {
  return isHttps() ? `__Host-${name}` : name;
}

function isHttps(): boolean {
  return env().PUBLIC_URL?.startsWith("https:") ?? false;
}
