import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/button";
import { useIsSending } from "~/components/form-state";
import { Page } from "~/components/page";
import { pageMeta } from "~/components/page-meta";
import { deleteCompetition } from "~/domain/competitions/index.server";
import { flash } from "~/http/auth.server";
import { readFormValues } from "~/http/form-values.server";
import { requireOwnCompetition } from "~/http/own-competition.server";

export const meta = () => pageMeta("Delete competition");

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { competition } = await requireOwnCompetition(request, params.id);
  const { id, title, registrations } = competition;
  return { id, title, registrations };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { organizer, competition } = await requireOwnCompetition(request, params.id);
  const { confirmed } = await readFormValues(request);
  // Nobody loses anything with an empty competition; with people in it, its organizer is asked.
  if (competition.registrations > 0 && !confirmed) {
    return redirect(`/competitions/${competition.id}/delete`, 303);
  }
  await deleteCompetition({ id: competition.id, organizerId: organizer.id });
  const headers = { "Set-Cookie": await flash(`“${competition.title}” is deleted.`) };
  return redirect("/my-competitions", { status: 303, headers });
}

export default function DeleteCompetition() {
  const { id, title, registrations } = useLoaderData<typeof loader>();
  const isSending = useIsSending();
  return (
    <Page title="Delete this competition?" width="form">
      <p>
        <strong className="wrap-anywhere">{title}</strong> disappears for everybody, and{" "}
        {people(registrations)} what they were promised. This cannot be undone here.
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

function people(registrations: number): string {
  return registrations === 1 ? "1 person loses" : `${registrations} people lose`;
}
