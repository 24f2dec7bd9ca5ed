import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { CompetitionForm } from "~/components/competition-form";
import { Page, pageMeta } from "~/components/page";
import { requireActor, visitorTimeZone } from "~/web/index.server";
import { createWithForm } from "./create.server";

export { keepWhenUnanswered as clientAction } from "~/components/unanswered";

export const meta = () => pageMeta("New competition");

export async function loader({ request }: LoaderFunctionArgs) {
  await requireActor(request, "create competition");
  return { timeZone: visitorTimeZone(request) };
}

export const action = ({ request }: ActionFunctionArgs) => createWithForm(request);

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
