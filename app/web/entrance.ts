import { type AppLoadContext, createCookie, redirect } from "@remix-run/node";
import { Authenticator } from "remix-auth";
import { FormStrategy } from "remix-auth-form";
import type * as z from "zod";
import type { FormErrors } from "~/components/error-summary";
import { logInSchema, signUpSchema, type UserView } from "~/domain/accounts/index.server";
import type { FieldError } from "~/domain/error";
import { singleton } from "~/platform/singleton";
import { findDevice, rememberDevice } from "./devices";
import { fieldErrors, firstOfEach, formAgain, formValues, readForm } from "./forms";
import { safeRedirect, tooOften } from "./pages";
import { carryOutPress } from "./press";
import { cookieName, cookieOptions, signIn } from "./sessions";
import { logInWithinLimits, signUpWithinLimits, type TooMany, type Visitor } from "./sign-in";
import { countUnavailable } from "./unavailable";

/** What became of a login or sign-up form; with the form, so that what was typed can be shown again. */
export type Entrance = { form: FormData } & (
  | { status: "signed_in"; user: UserView; cookies: string[] }
  | Refused
);

/** Why a form let nobody in. */
type Refused =
  | { status: "invalid"; fields: FieldError[] }
  | { status: "refused" | "email_taken" }
  | TooMany;

/**
 * Logs in with the form `email`, `password`. `cookies` are the `Set-Cookie` values to answer with.
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

/** Answers the form: a redirect to where the visitor was going, or the form again with the reason. */
export async function entranceAnswer(entrance: Entrance) {
  const values = formValues(entrance.form);
  const again = (errors: FormErrors, status: number, headers?: HeadersInit) =>
    formAgain({ values, errors }, status, headers);
  switch (entrance.status) {
    case "signed_in": {
      const headers = new Headers();
      for (const cookie of entrance.cookies) headers.append("Set-Cookie", cookie);
      return redirect(safeRedirect(values.redirectTo, "/competitions"), { status: 303, headers });
    }
    case "invalid":
      return again(firstOfEach(entrance.fields), 400);
    case "refused":
      return again({ "": "This email and password do not match. Check both and try again." }, 400);
    case "email_taken":
      return again(
        { email: "There is already an account with this address. Log in instead." },
        409,
        {
          "Set-Cookie": await addressCookie().serialize(values.email ?? ""),
        },
      );
    case "rate_limited":
      return again({ "": tooOften(entrance) }, 429, {
        "Retry-After": String(entrance.retryAfterSeconds),
      });
    case "unavailable":
      countUnavailable("overloaded");
      return again(
        { "": "Many people are signing in right now. Try again in a few seconds." },
        503,
        {
          "Retry-After": String(entrance.retryAfterSeconds),
        },
      );
  }
}

/**
 * The email address that somebody has just tried to sign up with, for the login page. Kept in a cookie,
 * since URLs end up in logs.
 */
export async function enteredAddress(request: Request): Promise<string> {
  const address: unknown = await addressCookie().parse(request.headers.get("Cookie"));
  return typeof address === "string" ? address : "";
}

const ADDRESS_SECONDS = 600;

function addressCookie() {
  return singleton("address-cookie", () =>
    createCookie(cookieName("address"), { ...cookieOptions(), maxAge: ADDRESS_SECONDS }),
  );
}

async function enterWithForm(
  strategy: "login" | "signup",
  request: Request,
  context: AppLoadContext,
): Promise<Entrance> {
  // The strategy reads the body a second time, and would throw at one that is no form.
  const form = await readForm(request.clone());
  const { clientAddress: address, signal, origin } = context;
  const visitor = { address, signal, origin };
  const outcome = await authenticatorFor(request, visitor).authenticate(strategy, request);
  if (outcome.status !== "ok") return { form, ...outcome };
  const { user } = outcome;
  const cookies = [await signIn(request, user.id), await rememberDevice(request, user.email)];
  const redirectTo = safeRedirect(form.get("redirectTo"), "");
  cookies.push(...(await carryOutPress(request, { user, redirectTo, context })));
  return { form, status: "signed_in", user, cookies };
}

/** The strategies `login` and `signup`, for this visitor. */
function authenticatorFor(request: Request, visitor: Visitor) {
  return new Authenticator<{ status: "ok"; user: UserView } | Refused>()
    .use(
      new FormStrategy(async ({ form }) => {
        const input = parse(logInSchema, form);
        if ("fields" in input) return input;
        const device = await findDevice(request, input.data.email);
        return logInWithinLimits({ ...input.data, device, visitor });
      }),
      "login",
    )
    .use(
      new FormStrategy(async ({ form }) => {
        const input = parse(signUpSchema, form);
        if ("fields" in input) return input;
        const outcome = await signUpWithinLimits({ ...input.data, visitor });
        return outcome.status === "created" ? { status: "ok", user: outcome.user } : outcome;
      }),
      "signup",
    );
}

function parse<T>(
  schema: z.ZodType<T>,
  form: FormData,
): { data: T } | { status: "invalid"; fields: FieldError[] } {
  // If a field came twice, the first counts, as when the form is shown again.
  const parsed = schema.safeParse(Object.fromEntries([...form].reverse()));
  return parsed.success
    ? { data: parsed.data }
    : { status: "invalid", fields: fieldErrors(parsed.error) };
}
