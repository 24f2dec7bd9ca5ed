import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { CompetitionForm } from "~/components/competition-form";
import { Page, pageMeta } from "~/components/page";
import { Preview } from "~/components/preview";
import { waitingWords } from "~/components/seat-meter";
import { saveEditForm, showEditForm } from "./edit.server";
import { EndIt } from "./end-it";

export { keepWhenUnanswered as clientAction } from "~/components/unanswered";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(data ? `Edit: ${data.title}` : undefined);

export const loader = ({ request, params }: LoaderFunctionArgs) => showEditForm(request, params.id);

export const action = ({ request, params }: ActionFunctionArgs) => saveEditForm(request, params.id);

export default function EditCompetition() {
  const { typed, values, zones, ...competition } = useLoaderData<typeof loader>();
  const { id, title, registrations, waiting, status } = competition;
  const again = useActionData<typeof action>();
  const shown = again?.values ?? values;
  return (
    <Page
      title="Edit competition"
      width="form"
      above={
        <Link to={`/competitions/${id}`} className="link inline-flex min-h-6 items-center">
          <bdi>{title}</bdi>
        </Link>
      }
    >
      <Preview shown={again?.preview} />
      <CompetitionForm
        values={shown}
        errors={again?.errors}
        theirs={again?.theirs}
        isBack={typed !== null && !again}
        zones={zones}
        button="Save changes"
        sending="Saving…"
        waitlistHint={waitlistHint(waiting)}
        second={status === "draft" ? { name: "publish", label: "Publish" } : undefined}
        capacityHint={`${registrations} taken so far. Capacity cannot go below that.`}
      />
      <EndIt {...competition} />
    </Page>
  );
}

/** A limit below those who wait sends nobody away. */
function waitlistHint(waiting: number): string {
  const hint =
    "How many people may wait in line once every seat is taken, up to 100,000. 0 means no waitlist.";
  return waiting > 0 ? `${hint} ${waitingWords(waiting)}: they stay, whatever the limit.` : hint;
}
