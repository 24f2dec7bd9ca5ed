import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/button";
import { ErrorSummary } from "~/components/error-summary";
import { Field } from "~/components/field";
import { useIsSending } from "~/components/form-state";
import { Page, pageMeta } from "~/components/page";
import { readFormValues } from "~/web/index.server";
import { showVerification, verifyWithForm } from "./verify.server";

export const meta = () => pageMeta("Confirm your address");

export const loader = ({ request }: LoaderFunctionArgs) => showVerification(request);

export async function action({ request }: ActionFunctionArgs) {
  return verifyWithForm(request, await readFormValues(request));
}

export default function VerifyEmail() {
  const shown = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>();
  const errors = again?.errors;
  return (
    <Page title={TITLES[shown.status]} width="form">
      <ErrorSummary errors={errors} />
      {shown.status === "open" ? <Confirm email={shown.email} token={shown.token} /> : null}
      {shown.status === "waiting" ? (
        <Waiting email={shown.email} typed={again?.values.code} error={errors?.code} />
      ) : null}
      {shown.status === "already_verified" ? (
        <>
          <p className="mb-6 text-ink-soft">
            Mail for you goes to <bdi>{shown.email}</bdi>. There is nothing left to do.
          </p>
          <ButtonLink to="/competitions">See all competitions</ButtonLink>
        </>
      ) : null}
      {shown.status === "invalid" || shown.status === "nobody" ? (
        <>
          <p className="mb-6 text-ink-soft">
            {shown.status === "invalid"
              ? "It may be more than a day old, or your mail program may have broken it in two. Log in to get a new one."
              : "Open the link in the email that we sent you. If it did not arrive, log in and have it sent again."}
          </p>
          <ButtonLink to="/login?redirectTo=%2Fverify-email">Log in</ButtonLink>
        </>
      ) : null}
    </Page>
  );
}

const TITLES = {
  open: "Is this your address?",
  waiting: "Confirm your address",
  already_verified: "Your address is confirmed",
  invalid: "This link no longer works",
  nobody: "Confirm your address",
};

/** A press, and not the opening of the page: programs that look through mail open its links too. */
function Confirm({ email, token }: { email: string; token: string }) {
  return (
    <>
      <p className="mb-6 text-ink-soft">
        Press the button, and mail from Mini Compete goes to{" "}
        <bdi className="font-semibold wrap-anywhere text-ink">{email}</bdi>. If you did not create
        an account here, just close this page, and we will not send you anything.
      </p>
      {/* A new document: the link does not stay in the history that scripts keep. */}
      <Form method="post" action="/verify-email" reloadDocument>
        <input type="hidden" name="token" value={token} />
        <Button>Confirm my address</Button>
      </Form>
    </>
  );
}

function Waiting({ email, typed, error }: { email: string; typed?: string; error?: string }) {
  const isSending = useIsSending("code");
  const isSendingAgain = useIsSending("again");
  return (
    <>
      <p className="mb-8 text-ink-soft">
        We sent an email to <bdi className="font-semibold wrap-anywhere text-ink">{email}</bdi>.
        Open the link in it, or type its code here. Until then your mail waits in your{" "}
        <Link to="/mailbox" className="link">
          mailbox
        </Link>
        .
      </p>
      <Form method="post" action="/verify-email" noValidate className="space-y-6">
        <input type="hidden" name="intent" value="code" />
        <Field
          name="code"
          label="Code"
          hint="Six digits."
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={20}
          defaultValue={typed}
          error={error}
        />
        <Button pending={isSending}>Confirm my address</Button>
      </Form>
      <Form
        method="post"
        action="/verify-email"
        className="mt-8 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-6 text-ink-soft"
      >
        <input type="hidden" name="intent" value="again" />
        <span>It did not arrive?</span>
        <Button look="secondary" pending={isSendingAgain}>
          Send it again
        </Button>
      </Form>
    </>
  );
}
