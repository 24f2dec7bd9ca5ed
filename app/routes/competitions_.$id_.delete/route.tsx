import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/button";
import { useIsSending } from "~/components/form-state";
import { Page, pageMeta } from "~/components/page";
import { askToDelete, deleteWithForm } from "./delete.server";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(data ? `Delete: ${data.title}` : undefined);

export const loader = ({ request, params }: LoaderFunctionArgs) => askToDelete(request, params.id);

export const action = ({ request, params }: ActionFunctionArgs) =>
  deleteWithForm(request, params.id);

export default function DeleteCompetition() {
  const { id, title, ...others } = useLoaderData<typeof loader>();
  const isSending = useIsSending();
  return (
    <Page title="Delete this competition?" width="form">
      <p>
        <strong className="wrap-anywhere">
          <bdi>{title}</bdi>
        </strong>{" "}
        will disappear for everybody{toldOf(others)} <strong>This cannot be undone.</strong>
      </p>
      <Form method="post" className="mt-6 flex flex-wrap gap-3">
        <input type="hidden" name="confirmed" value="yes" />
        <Button look="danger" pending={isSending}>
          {isSending ? "Deleting…" : "Delete competition"}
        </Button>
        <ButtonLink to={`/competitions/${id}`} look="secondary">
          Keep it
        </ButtonLink>
      </Form>
    </Page>
  );
}

interface Others {
  registrations: number;
  waiting: number;
  isCancelled: boolean;
  isOver: boolean;
}

/** Who is told of it: nobody who heard that it is cancelled, or took part. */
function toldOf({ registrations, waiting, isCancelled, isOver }: Others): string {
  if (isCancelled) return ", and so will its notice. Everybody was told when it was cancelled.";
  if (registrations + waiting === 0) return ". Nobody has a seat, so nobody is told.";
  if (isOver) return ". It is over, so nobody is told.";
  const what = waiting === 0 ? "seat" : "seat or place in line";
  const people = registrations + waiting;
  return people === 1
    ? `, and 1 person will lose their ${what} and be told by email.`
    : `, and ${people} people will lose their ${what.replace("seat", "seats").replace("place", "places")} and be told by email.`;
}
