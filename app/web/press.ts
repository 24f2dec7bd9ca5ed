import { type AppLoadContext, createCookie } from "@remix-run/node";
import * as z from "zod";
import { isRoleFor } from "~/domain/access";
import type { UserView } from "~/domain/accounts/index.server";
import { findCompetition } from "~/domain/competitions/index.server";
import { findRegistration } from "~/domain/registration/index.server";
import { idIn } from "~/platform/ids";
import { singleton } from "~/platform/singleton";
import { beforeLogin } from "./before-login";
import type { FormValues } from "./forms";
import { forgetSeats } from "./kept-seats";
import { isOutage, tooOften } from "./pages";
import { limit } from "./rate-limits";
import { registerWithForm } from "./registration-form";
import { cookieName, cookieOptions, flash } from "./sessions";
import { countUnavailable, outageReason } from "./unavailable";

/** How long a press waits for its visitor to come in, in seconds. */
const PRESS_SECONDS = 30 * 60;
/** The form has a key of at most 255 letters, and a few words. Characters. */
const LONGEST_PRESS = 1_000;

/**
 * Finds out who pressed Register. If they are not signed in, the press waits in a signed cookie while they
 * sign up (or log in, if they had a session when the page was made), and is carried out then.
 *
 * @param require returns the user, or throws the redirect to the login page
 * @throws whatever `require` throws
 */
export function keepingPress<T>(
  request: Request,
  values: FormValues,
  require: () => Promise<T>,
): Promise<T> {
  return beforeLogin(require, async (login) => {
    const press = { path: new URL(request.url).pathname, values };
    if (values.intent !== "register") return null;
    if (JSON.stringify(press).length > LONGEST_PRESS) return null;
    const kept = await pressCookie().serialize(press);
    if (values.entrance !== "signup") return { to: login, cookies: [kept, await flash(KEPT)] };
    return { to: login.replace(/^\/login/, "/signup"), cookies: [kept] };
  });
}

const KEPT = "You were logged out. Log in, and you are registered right away.";

/**
 * The title of the competition whose Register button was pressed before, if this entrance leads back to it.
 *
 * @param redirectTo where the entrance leads to: somebody who goes elsewhere has changed their mind
 */
export async function findPressed(request: Request, redirectTo: string): Promise<string | null> {
  const press = await findPress(request, redirectTo);
  const competition = press && (await findCompetition({ id: idIn(press.path) }));
  return competition?.title ?? null;
}

/**
 * Carries out what somebody pressed before they came in, once, under its key. The page that they are led
 * to says first what they got, or why they got nothing. Whoever comes in, the press stops waiting: the
 * next person who comes in at this browser may be somebody else.
 *
 * @param redirectTo where they are led to
 * @returns the `Set-Cookie` values to answer with
 */
export async function carryOutPress(
  request: Request,
  {
    user,
    redirectTo,
    context,
  }: {
    user: UserView;
    redirectTo: string;
    context: Pick<AppLoadContext, "clientAddress" | "origin">;
  },
): Promise<string[]> {
  const press = await findWaiting(request);
  if (!press) return [];
  const isTheirWay = press.path === redirectTo;
  const message = isTheirWay ? await carryOut(press, { user, context }) : undefined;
  const done = await pressCookie().serialize("", { maxAge: 0 });
  return message ? [done, await flash(message)] : [done];
}

/** @returns what to say of it, where the competition's page does not say it first */
async function carryOut(
  press: Press,
  { user, context }: Pick<Parameters<typeof carryOutPress>[1], "user" | "context">,
): Promise<string | undefined> {
  if (!isRoleFor({ actor: user, action: "register" })) return ORGANIZER;
  const caller = { address: context.clientAddress, account: user.id };
  const limited = await limit("registration", caller);
  if (limited.status === "rate_limited") return tooOften(limited);
  const competitionId = idIn(press.path);
  try {
    const asked = { user, competitionId, origin: context.origin };
    const answer = await registerWithForm(press.values, asked);
    return "data" in answer ? answer.data.errors[""] : await gotIn(asked);
  } catch (error) {
    // The competition is gone, and its page says so.
    if (error instanceof Response) return undefined;
    // They are signed in all the same.
    if (!isOutage(error)) throw error;
    countUnavailable(outageReason(error));
    return "You are logged in, but not registered yet. Press Register once more.";
  } finally {
    forgetSeats(competitionId);
  }
}

/** They come by another page, and on a phone what they got is further down than they see. */
async function gotIn(asked: {
  user: UserView;
  competitionId: string;
}): Promise<string | undefined> {
  const { user, competitionId } = asked;
  try {
    const held = await findRegistration({ userId: user.id, competitionId });
    if (!held) return undefined;
    if (held.seatNo === null) return "You are in line: no seat is free yet.";
    return `You are registered. Your seat is number ${held.seatNo}.`;
  } catch (error) {
    // They have it all the same.
    if (!isOutage(error)) throw error;
    return undefined;
  }
}

const ORGANIZER = "You are logged in as an organizer, and organizers cannot register.";

type Press = z.infer<typeof pressSchema>;

const pressSchema = z.object({
  path: z.string(),
  values: z.record(z.string(), z.string()),
});

/** The press that waits in this browser, if this entrance leads back to its page. */
async function findPress(request: Request, redirectTo: string): Promise<Press | null> {
  const press = await findWaiting(request);
  return press?.path === redirectTo ? press : null;
}

/** The press that waits in this browser, if we signed it. */
async function findWaiting(request: Request): Promise<Press | undefined> {
  const cookie: unknown = await pressCookie().parse(request.headers.get("Cookie"));
  return pressSchema.safeParse(cookie).data;
}

function pressCookie() {
  return singleton("press-cookie", () =>
    createCookie(cookieName("press"), { ...cookieOptions(), maxAge: PRESS_SECONDS }),
  );
}
