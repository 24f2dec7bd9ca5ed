import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "~/components/button";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { useIsSending, useLiveErrors } from "~/components/form-state";
import { Page, pageMeta } from "~/components/page";
import { ToRegister } from "~/components/to-register";
import {
  enteredAddress,
  entranceAnswer,
  findPressed,
  findUser,
  logInWithForm,
  safeRedirect,
} from "~/web/index.server";

export { keepWhenUnanswered as clientAction } from "~/components/unanswered";

export const meta = () => pageMeta("Log in");

export async function loader({ request }: LoaderFunctionArgs) {
  const redirectTo = safeRedirect(new URL(request.url).searchParams.get("redirectTo"), "");
  if (await findUser(request)) throw redirect(redirectTo || "/competitions");
  const pressed = await findPressed(request, redirectTo);
  return { redirectTo, pressed, email: await enteredAddress(request) };
}

export async function action({ request, context }: ActionFunctionArgs) {
  return entranceAnswer(await logInWithForm(request, context));
}

export default function LogIn() {
  const { redirectTo, pressed, email } = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>();
  const { shown, onInput, attempt } = useLiveErrors(again?.errors);
  const isSending = useIsSending();
  return (
    <Page title="Log in" width="form" lede={pressed ? <ToRegister title={pressed} /> : undefined}>
      <Form method="post" noValidate className="space-y-6" onInput={onInput}>
        <ErrorSummary errors={again?.errors} />
        <input type="hidden" name="redirectTo" value={redirectTo} />
        <Field
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          required
          defaultValue={again?.values.email ?? email}
          error={shown.email}
        />
        <Field
          key={attempt}
          name="password"
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          error={shown.password}
        />
        <Button pending={isSending}>{isSending ? "Logging in…" : "Log in"}</Button>
      </Form>
      <p className="mt-8 border-t border-line pt-6 text-ink-soft">
        New here?{" "}
        <Link
          to={`/signup${redirectTo ? `?redirectTo=${encodeURIComponent(redirectTo)}` : ""}`}
          className="link"
        >
          Create an account
        </Link>
      </p>
    </Page>
  );
}
