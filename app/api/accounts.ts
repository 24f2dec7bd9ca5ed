import * as z from "zod";
import {
  issueAccessToken,
  logInSchema,
  signUpSchema,
  type UserView,
} from "~/domain/accounts/index.server";
import { logInWithinLimits, signUpWithinLimits, type TooMany } from "~/web/index.server";
import type { Answer } from "./answer";
import { type Endpoint, endpoint, openEndpoint, takesNothing } from "./endpoint";
import { type Problem, refuse } from "./problem";
import { accessShape, userShape } from "./shapes";

const signUp = openEndpoint({
  ...takesNothing,
  method: "POST",
  path: "/api/auth/signup",
  access: "anyone",
  summary: "Create an account",
  cost: "password",
  body: z.strictObject(signUpSchema.shape),
  success: { status: 201, description: "The account, and a token for it", schema: accessShape },
  refusals: [409],
  async handle({ body, clientAddress, leaving, origin }) {
    const visitor = { address: clientAddress, signal: leaving(), origin };
    const outcome = await signUpWithinLimits({ ...body, visitor });
    switch (outcome.status) {
      case "created":
        return { status: 201, body: await accessFor(outcome.user) };
      case "email_taken":
        return refuse("conflict", "There is already an account with this email address.");
      case "rate_limited":
      case "unavailable":
        return refuseTooMany(outcome);
    }
  },
});

const logIn = openEndpoint({
  ...takesNothing,
  method: "POST",
  path: "/api/auth/login",
  access: "anyone",
  summary: "Get a token",
  cost: "password",
  body: z.strictObject(logInSchema.shape),
  success: { status: 200, description: "A token for the account", schema: accessShape },
  refusals: [401],
  async handle({ body, clientAddress, leaving, origin }) {
    const visitor = { address: clientAddress, signal: leaving(), origin };
    const outcome = await logInWithinLimits({ ...body, visitor });
    switch (outcome.status) {
      case "ok":
        return { status: 200, body: await accessFor(outcome.user) };
      case "refused":
        return {
          ...refuse("unauthorized", "The email address or the password is wrong."),
          headers: { "www-authenticate": 'Bearer realm="api"' },
        };
      case "rate_limited":
      case "unavailable":
        return refuseTooMany(outcome);
    }
  },
});

const me = endpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/auth/me",
  access: "read own account",
  summary: "Who the token is for",
  cost: "glance",
  success: { status: 200, description: "The user", schema: userShape },
  refusals: [],
  async handle({ user }): Promise<Answer> {
    return { status: 200, body: user };
  },
});

export const accountEndpoints: Endpoint[] = [signUp, logIn, me];

async function accessFor(user: UserView) {
  const { accessToken, expiresInSeconds } = await issueAccessToken(user);
  return {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: expiresInSeconds,
    user,
  };
}

function refuseTooMany({ status, retryAfterSeconds }: TooMany): Problem {
  return refuse(status, TOO_MANY[status], { retryAfterSeconds });
}

const TOO_MANY: Record<TooMany["status"], string> = {
  rate_limited: "Too many attempts. Try again later.",
  unavailable: "Too many people are signing in. Try again.",
};
