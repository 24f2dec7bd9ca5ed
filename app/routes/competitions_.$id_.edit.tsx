import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { Form, Link, useActionData, useLoaderData } from "@remix-run/react";
import { Button } from "~/components/button";
import { CompetitionForm } from "~/components/competition-form";
import { Page } from "~/components/page";
import { pageMeta } from "~/components/page-meta";
import { editCompetition } from "~/domain/competitions/index.server";
import { flash } from "~/http/auth.server";
import {
  editRefusal,
  parseCompetitionChanges,
  toCompetitionForm,
} from "~/http/competition-form.server";
import { formAgain, formAgainFor, readFormValues } from "~/http/form-values.server";
import { requireOwnCompetition } from "~/http/own-competition.server";
import { visitorTimeZone } from "~/http/visitor-time-zone.server";

export const meta = () => pageMeta("Edit competition");

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { competition } = await requireOwnCompetition(request, params.id);
  const { id, title, registrations } = competition;
  const values = toCompetitionForm(competition, visitorTimeZone(request));
  return { id, title, registrations, values };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const { organizer, competition } = await requireOwnCompetition(request, params.id);
  const values = await readFormValues(request);
  const parsed = parseCompetitionChanges(values, competition);
  if (parsed.status === "refused") return formAgain({ values, errors: parsed.errors });
  const { id } = competition;
  try {
    const changed = await editCompetition({
      id,
      organizerId: organizer.id,
      changes: parsed.input,
    });
    if (changed.status !== "saved") return editRefusal(changed, values);
  } catch (error) {
    return formAgainFor(error, values);
  }
  const headers = { "Set-Cookie": await flash("Your changes are saved.") };
  return redirect(`/competitions/${id}`, { status: 303, headers });
}

export default function EditCompetition() {
  const { id, title, registrations, values } = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>();
  const shown = again?.values ?? values;
  return (
    <Page
      title="Edit competition"
      width="form"
      above={
        <Link to={`/competitions/${id}`} className="link inline-flex min-h-6 items-center">
          {title}
        </Link>
      }
    >
      <CompetitionForm
        values={shown}
        errors={again?.errors}
        zone={shown.timeZone ?? "UTC"}
        button="Save changes"
        sending="Saving…"
        capacityHint={`${registrations} taken so far. Capacity cannot go below that.`}
      />
      <section aria-labelledby="delete" className="mt-12 border-t border-line pt-8">
        <h2 id="delete" className="text-lg font-semibold">
          No longer taking place?
        </h2>
        <p className="mt-1 mb-4 text-ink-soft">
          {registrations === 0
            ? "It disappears for everybody at once."
            : "It disappears for everybody. You are asked once more, since people have seats."}
        </p>
        <Form method="post" action={`/competitions/${id}/delete`}>
          <Button look="danger">Delete competition</Button>
        </Form>
      </section>
    </Page>
  );
}
