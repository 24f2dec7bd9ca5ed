import { Form } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/button";
import { useIsSending } from "~/components/form-state";

/** What its organizer does next with a competition: what matters most comes first. */
export function OwnerActions({ id, status }: { id: string; status: string }) {
  const isSending = useIsSending();
  const at = (page: string) => `/competitions/${id}/${page}`;
  return (
    <>
      {status === "draft" ? (
        <Form method="post" action={at("publish")}>
          <Button pending={isSending}>{isSending ? "Publishing…" : "Publish"}</Button>
        </Form>
      ) : (
        <ButtonLink to={at("participants")}>Participants</ButtonLink>
      )}
      {status === "cancelled" ? null : (
        <ButtonLink to={at("edit")} look="secondary">
          Edit
        </ButtonLink>
      )}
      <Form method="post" action={at("clone")}>
        <Button look="secondary" pending={isSending}>
          Duplicate
        </Button>
      </Form>
    </>
  );
}
