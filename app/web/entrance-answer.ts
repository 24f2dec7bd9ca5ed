import { redirect } from "@remix-run/node";
import type { FormErrors } from "~/components/error-summary";
import { type Entrance, safeRedirect } from "./auth";
import { firstOfEach, formAgain, formValues } from "./form-values";

/** What a login or sign-up form is answered with: the way on, or the form again with the reason. */
export function entranceAnswer(entrance: Entrance) {
  const values = formValues(entrance.form);
  const again = (errors: FormErrors, status: number, headers?: HeadersInit) =>
    formAgain({ values, errors }, status, headers);
  switch (entrance.status) {
    case "signed_in": {
      const headers = { "Set-Cookie": entrance.cookie };
      return redirect(safeRedirect(values.redirectTo, "/competitions"), { status: 303, headers });
    }
    case "invalid":
      return again(firstOfEach(entrance.fields), 400);
    case "refused":
      return again({ "": "This email and password do not belong together." }, 400);
    case "email_taken":
      return again({ email: "There is an account with this address. Log in instead." }, 409);
    case "limited":
      return again(
        { "": `That was too often. Try again ${inWords(entrance.retryAfterSeconds)}.` },
        429,
        { "Retry-After": String(entrance.retryAfterSeconds) },
      );
    case "busy":
      return again({ "": "Very many people are coming in. Try again in a few seconds." }, 503, {
        "Retry-After": String(entrance.retryAfterSeconds),
      });
  }
}

function inWords(seconds: number): string {
  if (seconds <= 90) return "in a minute";
  return `in ${Math.ceil(seconds / 60)} minutes`;
}
