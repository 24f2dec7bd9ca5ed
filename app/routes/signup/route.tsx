import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "~/components/button";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { useIsSending, useLiveErrors } from "~/components/form-state";
import { Page, pageMeta } from "~/components/page";
import { ToRegister } from "~/components/to-register";
import {
  entranceAnswer,
  findPressed,
  findUser,
  safeRedirect,
  signUpWithForm,
} from "~/web/index.server";
import { RadioGroup } from "./radio-group";

const ROLES = [
  { value: "PARTICIPANT", label: "Participant", hint: "I want to take part." },
  { value: "ORGANIZER", label: "Organizer", hint: "I want to run competitions." },
];

export { keepWhenUnanswered as clientAction } from "~/components/unanswered";

export const meta = () => pageMeta("Create an account");

export async function loader({ request }: LoaderFunctionArgs) {
  const redirectTo = safeRedirect(new URL(request.url).searchParams.get("redirectTo"), "");
  if (await findUser(request)) throw redirect(redirectTo || "/competitions");
  return { redirectTo, pressed: await findPressed(request, redirectTo) };
}

export async function action({ request, context }: ActionFunctionArgs) {
  return entranceAnswer(await signUpWithForm(request, context));
}

export default function SignUp() {
  const { redirectTo, pressed } = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>();
  const { shown, onInput, attempt } = useLiveErrors(again?.errors);
  const isSending = useIsSending();
  const logIn = (
    <>
      Already have an account?{" "}
      <Link
        to={`/login${redirectTo ? `?redirectTo=${encodeURIComponent(redirectTo)}` : ""}`}
        className="link"
      >
        Log in
      </Link>
    </>
  );
  const toRegister = pressed ? (
    <>
      <ToRegister title={pressed} /> {logIn}
    </>
  ) : undefined;
  return (
    <Page title="Create an account" width="form" lede={toRegister}>
      <Form method="post" noValidate className="space-y-6" onInput={onInput}>
        <ErrorSummary errors={again?.errors} />
        <input type="hidden" name="redirectTo" value={redirectTo} />
        <Field
          name="name"
          label="Name"
          autoComplete="name"
          required
          maxLength={500}
          defaultValue={again?.values.name}
          error={shown.name}
        />
        <Field
          name="email"
          label="Email"
          type="email"
          autoComplete="username"
          required
          defaultValue={again?.values.email}
          error={shown.email}
        />
        <Field
          key={attempt}
          name="password"
          label="Password"
          type="password"
          hint="At least 8 characters."
          autoComplete="new-password"
          required
          minLength={8}
          error={shown.password}
        />
        <RadioGroup
          name="role"
          legend="What brings you here?"
          options={ROLES}
          defaultValue={again ? again.values.role : "PARTICIPANT"}
          error={shown.role}
        />
        <Button pending={isSending}>{isSending ? "Creating…" : "Create account"}</Button>
      </Form>
      {pressed ? null : <p className="mt-8 border-t border-line pt-6 text-ink-soft">{logIn}</p>}
    </Page>
  );
}
