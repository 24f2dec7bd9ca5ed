import { redirect } from "@remix-run/node";
import { lookAtLink, verifyEmail, verifyEmailByCode } from "~/domain/accounts/index.server";
import {
  type FormValues,
  findUser,
  flash,
  formAgain,
  requireActor,
  sendAgainWithForm,
} from "~/web/index.server";

/**
 * What the page is about: a link that was opened, which it does not use (programs open the links of
 * mails too, before their readers do), or without one the visitor's own address.
 */
export async function showVerification(request: Request) {
  const token = new URL(request.url).searchParams.get("token");
  if (token !== null) return { ...(await lookAtLink({ token })), token };
  const user = await findUser(request);
  if (!user) return { status: "nobody" as const };
  const { email } = user;
  return { status: user.isVerified ? ("already_verified" as const) : ("waiting" as const), email };
}

/** Answers the page's buttons: confirm by the link, confirm by the code, send the mail again. */
export async function verifyWithForm(request: Request, values: FormValues) {
  if (values.intent === "again") return sendAgainWithForm(request, values);
  if (values.intent === "code") return verifyWithCode(request, values);
  const { status } = await verifyEmail({ token: values.token ?? "" });
  if (status === "invalid") return formAgain({ values: {}, errors: { "": TOO_LATE } }, 400);
  const isSignedIn = (await findUser(request)) !== null;
  return leadOn(status, isSignedIn ? "/competitions" : "/login");
}

const TOO_LATE = "This link no longer works. Ask for a new email.";

async function verifyWithCode(request: Request, values: FormValues) {
  const actor = await requireActor(request, "verify own address");
  const { status } = await verifyEmailByCode({ actor, code: values.code ?? "" });
  if (status !== "wrong_code") return leadOn(status, "/competitions");
  const errors = {
    code: "This is not the code. Check the email and try again. After a few mistakes, only the link works.",
  };
  return formAgain({ values, errors }, 400);
}

async function leadOn(status: "verified" | "already_verified", to: string) {
  const message =
    status === "verified"
      ? "Thank you. Your address is confirmed, and your mail goes there from now on."
      : "Your address is already confirmed. There is nothing left to do.";
  return redirect(to, { status: 303, headers: { "Set-Cookie": await flash(message) } });
}
