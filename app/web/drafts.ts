import { randomBytes } from "node:crypto";
import { createCookie, redirect } from "@remix-run/node";
import * as z from "zod";
import { keyPrefix, tryRedis } from "~/platform/redis";
import { singleton } from "~/platform/singleton";
import type { FormValues } from "./forms";
import { cookieName, cookieOptions, flash } from "./sessions";

/** How long typed text waits for its writer to log in again, in seconds. */
const DRAFT_SECONDS = 30 * 60;
/** Anybody can send a form without a session: this many drafts share Redis' memory, no more. */
const SLOTS = 1_024;
/** A form of 10,000 letters, each of four bytes, with room for the rest. Bytes. */
const LONGEST_DRAFT = 48_000;

/**
 * Finds out who sends a form. When nobody is signed in any more, what was typed waits: the way leads
 * to the login page, and from there to the form with the text in it.
 *
 * @param require answers with who it is, or throws the redirect to the login page
 * @throws whatever `require` throws
 */
export async function keepingTyped<T>(
  request: Request,
  values: FormValues,
  require: () => Promise<T>,
): Promise<T> {
  try {
    return await require();
  } catch (thrown) {
    const login = thrown instanceof Response && thrown.headers.get("Location");
    if (!login) throw thrown;
    const cookie = await keepDraft(new URL(request.url).pathname, values);
    if (!cookie) throw thrown;
    const headers = new Headers({ "Set-Cookie": cookie });
    headers.append("Set-Cookie", await flash(KEPT));
    throw redirect(login, { status: 303, headers });
  }
}

const KEPT = "You were logged out. What you typed is kept: log in, and it is back in the form.";

/** What `writer` had typed into the form on this page when their session was over, or null. */
export async function findTyped(request: Request, writer: string): Promise<FormValues | null> {
  const token = await readToken(request);
  if (!token) return null;
  const text = await tryRedis((client) => client.get(keyOf(token)));
  const draft = text ? draftSchema.parse(JSON.parse(text)) : null;
  // The slot may be another's by now, and the browser another person's.
  if (draft?.token !== token || draft.values.writer !== writer) return null;
  return draft.path === new URL(request.url).pathname ? draft.values : null;
}

/** The headers after a form was saved: the message for the next page, and no text waits any more. */
export async function savedHeaders(request: Request, message: string): Promise<Headers> {
  const headers = new Headers({ "Set-Cookie": await flash(message) });
  const token = await readToken(request);
  if (token) {
    await tryRedis((client) => client.del(keyOf(token)));
    headers.append("Set-Cookie", await draftCookie().serialize("", { maxAge: 0 }));
  }
  return headers;
}

const draftSchema = z.object({
  token: z.string(),
  path: z.string(),
  values: z.record(z.string(), z.string()),
});

/** The `Set-Cookie` value that leads to the draft; null when it is too long, or Redis is away. */
async function keepDraft(path: string, values: FormValues): Promise<string | null> {
  const token = randomBytes(18).toString("hex");
  const draft = JSON.stringify({ token, path, values } satisfies z.infer<typeof draftSchema>);
  if (Buffer.byteLength(draft) > LONGEST_DRAFT) return null;
  const kept = await tryRedis((client) => client.set(keyOf(token), draft, "EX", DRAFT_SECONDS));
  return kept ? draftCookie().serialize(token) : null;
}

function keyOf(token: string): string {
  return `${keyPrefix()}:draft:${Number.parseInt(token.slice(0, 6), 16) % SLOTS}`;
}

async function readToken(request: Request): Promise<string | null> {
  const token: unknown = await draftCookie().parse(request.headers.get("Cookie"));
  return typeof token === "string" && token !== "" ? token : null;
}

function draftCookie() {
  return singleton("draft-cookie", () =>
    createCookie(cookieName("draft"), { ...cookieOptions(), maxAge: DRAFT_SECONDS }),
  );
}
