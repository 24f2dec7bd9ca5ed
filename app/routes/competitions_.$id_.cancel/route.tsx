import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/button";
import { ErrorSummary } from "~/components/error-summary";
import { TextField } from "~/components/field";
import { useIsSending } from "~/components/form-state";
import { Page, pageMeta } from "~/components/page";
import { TypedBefore } from "~/components/typed-before";
import { askToCancel, cancelWithForm } from "./cancel.server";

export { keepWhenUnanswered as clientAction } from "~/components/unanswered";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(data ? `Cancel: ${data.title}` : undefined);

export const loader = ({ request, params }: LoaderFunctionArgs) => askToCancel(request, params.id);

export const action = ({ request, params }: ActionFunctionArgs) =>
  cancelWithForm(request, params.id);

export default function CancelCompetition() {
  const { id, title, registrations, waiting, writer, typed } = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>();
  const isSending = useIsSending();
  return (
    <Page title="Cancel this competition?" width="form">
      <ErrorSummary errors={again?.errors} />
      <p>
        <strong className="wrap-anywhere">
          <bdi>{title}</bdi>
        </strong>{" "}
        will not take place. Its page stays as a notice, and nobody can register any more.{" "}
        {told(registrations + waiting)} <strong>This cannot be undone.</strong>
      </p>
      <Form method="post" className="mt-6 space-y-6">
        {typed !== null && !again ? <TypedBefore isNot="sent" button="Cancel competition" /> : null}
        <input type="hidden" name="confirmed" value="yes" />
        <input type="hidden" name="writer" value={writer} />
        <TextField
          name="message"
          label="Message"
          hint="Optional. Say why, and what comes next. It goes into the email and onto the page."
          rows={4}
          maxLength={2_000}
          defaultValue={again?.values.message ?? typed ?? undefined}
          error={again?.errors?.message}
        />
        <div className="flex flex-wrap gap-3">
          <Button look="danger" pending={isSending}>
            {isSending ? "Cancelling…" : "Cancel competition"}
          </Button>
          <ButtonLink to={`/competitions/${id}`} look="secondary">
            Keep it
          </ButtonLink>
        </div>
      </Form>
    </Page>
  );
}

function told(people: number): string {
  if (people === 0) return "Nobody has a seat or is waiting for one, so no email is sent.";
  return people === 1
    ? "1 person with a seat or in line will be told by email."
    : `${people} people with a seat or in line will be told by email.`;
}
