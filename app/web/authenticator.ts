import { Authenticator } from "remix-auth";
import { FormStrategy } from "remix-auth-form";
import type * as z from "zod";
import { logInSchema, signUpSchema, type UserView } from "~/domain/accounts/index.server";
import type { FieldError } from "~/domain/error";
import { fieldErrors } from "./field-errors";
import { logInWithinLimits, signUpWithinLimits, type TooMany } from "./sign-in";

/** Why a form let nobody in. */
export type Refusal =
  | { status: "invalid"; fields: FieldError[] }
  | { status: "refused" }
  | { status: "email_taken" }
  | TooMany;

/** The strategies `login` and `signup`, for a client at this address. */
export function authenticatorFor(address: string | undefined) {
  return new Authenticator<{ status: "ok"; user: UserView } | Refusal>()
    .use(
      new FormStrategy(async ({ form }) => {
        const input = parse(logInSchema, form);
        return "fields" in input ? input : logInWithinLimits({ ...input.data, address });
      }),
      "login",
    )
    .use(
      new FormStrategy(async ({ form }) => {
        const input = parse(signUpSchema, form);
        if ("fields" in input) return input;
        const outcome = await signUpWithinLimits({ ...input.data, address });
        return outcome.status === "created" ? { status: "ok", user: outcome.user } : outcome;
      }),
      "signup",
    );
}

function parse<T>(
  schema: z.ZodType<T>,
  form: FormData,
): { data: T } | { status: "invalid"; fields: FieldError[] } {
  const parsed = schema.safeParse(Object.fromEntries(form));
  return parsed.success
    ? { data: parsed.data }
    : { status: "invalid", fields: fieldErrors(parsed.error) };
}
