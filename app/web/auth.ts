import { type AppLoadContext, redirect } from "@remix-run/node";
import {
  endSession,
  findSessionUser,
  type Role,
  startSession,
  type UserView,
} from "~/domain/accounts/index.server";
import { authenticatorFor, type Refusal } from "./authenticator";
import { readForm } from "./forms";
import { findSessionId, forgetSession, rememberSession } from "./session";

export { safeRedirect } from "./redirects";
export { flash, takeFlash } from "./session";

/** Who is signed in by cookie, or null. Asked once however many loaders of a page want to know. */
export function findUser(request: Request): Promise<UserView | null> {
  const known = users.get(request);
  if (known) return known;
  const user = findSessionId(request).then((id) => (id ? findOnce(id) : null));
  users.set(request, user);
  return user;
}

/**
 * Who is signed in.
 *
 * @throws Response a redirect to the login page, which leads back here.
 */
export async function requireUser(request: Request): Promise<UserView> {
  const user = await findUser(request);
  if (user) return user;
  const { pathname, search } = new URL(request.url);
  const back = request.method === "GET" ? pathname + search : pathname;
  throw redirect(`/login?redirectTo=${encodeURIComponent(back)}`, 303);
}

/**
 * Who is signed in, when it is somebody with this role.
 *
 * @throws Response 403 for the other role, a redirect to the login page for nobody.
 */
export async function requireRole(request: Request, role: Role): Promise<UserView> {
  const user = await requireUser(request);
  if (user.role === role) return user;
  const who = role === "ORGANIZER" ? "organizers" : "participants";
  throw new Response(`Only ${who} can do this.`, { status: 403, statusText: "Forbidden" });
}

/** How a form that lets somebody in came out; the form itself, to show what was typed again. */
export type Entrance = { form: FormData } & (
  | { status: "signed_in"; user: UserView; cookie: string }
  | Refusal
);

/**
 * Logs in with the form `email`, `password`. `cookie` is the `Set-Cookie` value to answer with.
 *
 * @throws Response 400 when the body is no form.
 */
export function logInWithForm(request: Request, context: AppLoadContext): Promise<Entrance> {
  return enterWithForm("login", request, context);
}

/**
 * Signs up with the form `name`, `email`, `password`, `role`, and in.
 *
 * @throws Response 400 when the body is no form.
 */
export function signUpWithForm(request: Request, context: AppLoadContext): Promise<Entrance> {
  return enterWithForm("signup", request, context);
}

/** Ends the session, for every copy of its cookie. Returns the `Set-Cookie` value to answer with. */
export async function logOut(request: Request): Promise<string> {
  const sessionId = await findSessionId(request);
  if (sessionId) await endSession(sessionId);
  return forgetSession();
}

async function enterWithForm(
  strategy: "login" | "signup",
  request: Request,
  context: AppLoadContext,
): Promise<Entrance> {
  // The strategy reads the body a second time, and would throw at one that is no form.
  const form = await readForm(request.clone());
  const outcome = await authenticatorFor(context.clientAddress).authenticate(strategy, request);
  if (outcome.status !== "ok") return { form, ...outcome };
  // A new session for whoever enters: an id that somebody planted beforehand opens nothing.
  await logOut(request);
  const { sessionId } = await startSession({ userId: outcome.user.id });
  const cookie = await rememberSession(sessionId);
  return { form, status: "signed_in", user: outcome.user, cookie };
}

const users = new WeakMap<Request, Promise<UserView | null>>();
const inFlight = new Map<string, Promise<UserView | null>>();

/** Remix gives each loader of a page a request of its own: what they ask at once is asked once. */
function findOnce(sessionId: string): Promise<UserView | null> {
  const asked = inFlight.get(sessionId);
  if (asked) return asked;
  const user = findSessionUser(sessionId).finally(() => inFlight.delete(sessionId));
  inFlight.set(sessionId, user);
  return user;
}
