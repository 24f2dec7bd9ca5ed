import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { CompetitionForm } from "~/components/competition-form";
import { Page } from "~/components/page";
import { pageMeta } from "~/components/page-meta";
import { createCompetition } from "~/domain/competitions/index.server";
import { flash, requireRole } from "~/http/auth.server";
import { parseCompetitionForm } from "~/http/competition-form.server";
import { formAgain, formAgainFor, readFormValues } from "~/http/form-values.server";
import { visitorTimeZone } from "~/http/visitor-time-zone.server";

export const meta = () => pageMeta("New competition");

export async function loader({ request }: LoaderFunctionArgs) {
  await requireRole(request, "ORGANIZER");
  return { timeZone: visitorTimeZone(request) };
}

export async function action({ request }: ActionFunctionArgs) {
  const organizer = await requireRole(request, "ORGANIZER");
  const values = await readFormValues(request);
  const parsed = parseCompetitionForm(values);
  if (parsed.status === "refused") return formAgain({ values, errors: parsed.errors });
  try {
    const { id } = await createCompetition({ organizerId: organizer.id, input: parsed.input });
    const headers = { "Set-Cookie": await flash("The competition is open for registration.") };
    return redirect(`/competitions/${id}`, { status: 303, headers });
  } catch (error) {
    return formAgainFor(error, values);
  }
}

export default function NewCompetition() {
  const { timeZone } = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>();
  return (
    <Page title="New competition" width="form" lede="It opens for registration at once.">
      <CompetitionForm
        values={again?.values ?? {}}
        errors={again?.errors}
        zone={again?.values.timeZone ?? timeZone}
        button="Create competition"
        sending="Creating…"
      />
    </Page>
  );
}
