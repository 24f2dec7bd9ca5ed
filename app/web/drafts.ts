import { randomBytes } from "node:crypto";
import { createCookie } from "@remix-run/node";
import * as z from "zod";
import { keyPrefix, tryRedis } from "~/platform/redis";
import { singleton } from "~/platform/singleton";
import { beforeLogin } from "./before-login";
import type { FormValues } from "./forms";
import { cookieName, cookieOptions, flash } from "./sessions";

/** How long typed text waits for its writer to log in again, in seconds. */
const DRAFT_SECONDS = 30 * 60;
/** Anybody can send a form without a session, so drafts share a fixed number of slots in Redis. */
const SLOTS = 1_024;
/** A form of 10,000 letters, each of four bytes, with room for the rest. Bytes. */
const LONGEST_DRAFT = 48_000;

/**
 * Finds out who sends a form. When they are no longer signed in, what they typed is kept: they are led to
 * the login page, and from there back to the form with their text in it.
 *
 * @param require returns the user, or throws the redirect to the login page
 * @throws whatever `require` throws
 */
export function keepingTyped<T>(
  request: Request,
  values: FormValues,
  require: () => Promise<T>,
): Promise<T> {
  return beforeLogin(require, async (login) => {
    const draft = await keepDraft(new URL(request.url).pathname, values);
    return draft ? { to: login, cookies: [draft, await flash(KEPT)] } : null;
  });
}

const KEPT = "You were logged out. What you typed is kept: log in, and it is back in the form.";

/** What `writer` had typed into the form on this page when their session was over, or null. */
export async function findTyped(request: Request, writer: string): Promise<FormValues | null> {
  const draft = await findDraft(request);
  // The browser may be another person's by now.
  return draft?.values.writer === writer ? draft.values : null;
}

/** The headers after a form was saved: they carry a message to the next page, and end the draft. */
export async function savedHeaders(request: Request, message: string): Promise<Headers> {
  const headers = new Headers({ "Set-Cookie": await flash(message) });
  const draft = await findDraft(request);
  if (draft) {
    await tryRedis((client) => client.del(keyOf(draft.token)));
    headers.append("Set-Cookie", await draftCookie().serialize("", { maxAge: 0 }));
  }
  return headers;
}

type Draft = z.infer<typeof draftSchema>;

const draftSchema = z.object({
  token: z.string(),
  path: z.string(),
  values: z.record(z.string(), z.string()),
});

/** This browser's draft, if it is of this page's form. Somebody else may have its slot by now. */
async function findDraft(request: Request): Promise<Draft | null> {
  const token: unknown = await draftCookie().parse(request.headers.get("Cookie"));
  if (typeof token !== "string" || token === "") return null;
  const draft = parseDraft(await tryRedis((client) => client.get(keyOf(token))));
  if (draft?.token !== token) return null;
  return draft.path === new URL(request.url).pathname ? draft : null;
}

function parseDraft(text: string | null): Draft | null {
  try {
    return draftSchema.parse(JSON.parse(text ?? ""));
  } catch {
    return null;
  }
}

/** The `Set-Cookie` value that leads to the draft; null when it is too long, or Redis is away. */
async function keepDraft(path: string, values: FormValues): Promise<string | null> {
  const token = randomBytes(18).toString("hex");
  const draft = JSON.stringify({ token, path, values } satisfies Draft);
  if (Buffer.byteLength(draft) > LONGEST_DRAFT) return null;
  const kept = await tryRedis((client) => client.set(keyOf(token), draft, "EX", DRAFT_SECONDS));
  return kept ? draftCookie().serialize(token) : null;
}

function keyOf(token: string): string {
  return `${keyPrefix()}:draft:${Number.parseInt(token.slice(0, 6), 16) % SLOTS}`;
}

function draftCookie() {
  return singleton("draft-cookie", () =>
    createCookie(cookieName("draft"), { ...cookieOptions(), maxAge: DRAFT_SECONDS }),
  );
}
