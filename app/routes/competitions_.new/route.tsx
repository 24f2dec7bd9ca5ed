import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { CompetitionForm } from "~/components/competition-form";
import { Page, pageMeta } from "~/components/page";
import { Preview } from "~/components/preview";
import { findTyped, requireActor, timeZones, visitorTimeZone } from "~/web/index.server";
import { createWithForm, newKey } from "./create.server";

export { keepWhenUnanswered as clientAction } from "~/components/unanswered";

export const meta = () => pageMeta("New competition");

export async function loader({ request }: LoaderFunctionArgs) {
  const { id: writer } = await requireActor(request, "create competition");
  const typed = await findTyped(request, writer);
  const values = typed ?? { writer, key: newKey(), timeZone: visitorTimeZone(request) };
  return { typed, values, zones: timeZones() };
}

export const action = ({ request }: ActionFunctionArgs) => createWithForm(request);

export default function NewCompetition() {
  const { typed, values, zones } = useLoaderData<typeof loader>();
  const again = useActionData<typeof action>();
  const shown = again?.values ?? values;
  return (
    <Page
      title="New competition"
      width="form"
      lede="Registration opens at once, unless you set a time. Only you see a draft."
    >
      <Preview shown={again?.preview} />
      <CompetitionForm
        values={shown}
        isBack={typed !== null && !again}
        errors={again?.errors}
        zones={zones}
        button="Create competition"
        sending="Creating…"
        second={{ name: "draft", label: "Save as draft" }}
      />
    </Page>
  );
}
