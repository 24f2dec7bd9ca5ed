import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { Button } from "~/components/button";
import { DateTime } from "~/components/date-time";
import { Field } from "~/components/field";
import { useIsSending } from "~/components/form-state";
import { Page, pageMeta } from "~/components/page";
import { readFormValues } from "~/web/index.server";
import { changeCalendar, showCalendar } from "./calendar.server";

export const meta = () => pageMeta("Your calendar");

export async function loader({ request }: LoaderFunctionArgs) {
  const { shown, headers } = await showCalendar(request);
  return data(shown, { headers });
}

export async function action({ request }: ActionFunctionArgs) {
  return changeCalendar(request, await readFormValues(request));
}

export default function OwnCalendar() {
  const { since, address } = useLoaderData<typeof loader>();
  return (
    <Page
      title="Your calendar"
      width="form"
      above={
        <Link to="/my-registrations" className="link inline-flex min-h-6 items-center">
          My registrations
        </Link>
      }
      lede="Everything you registered for, in the calendar you use already. Changes and cancellations show up there, too."
    >
      {address ? <NewAddress address={address} /> : null}
      {since ? null : (
        <p className="mb-6 text-ink-soft">
          Make a private address, and give it to your calendar program. You can turn it off again at
          any time.
        </p>
      )}
      {since && !address ? (
        <p className="mb-6 text-ink-soft">
          Your calendar has had an address since <DateTime value={since} relative={false} />. We
          cannot show it again. If you lost it, or somebody has it who should not, make a new one.
        </p>
      ) : null}
      <Buttons hasAddress={since !== null} />
    </Page>
  );
}

function NewAddress({ address }: { address: string }) {
  return (
    <div className="mb-8 space-y-6">
      <Field
        name="address"
        label="Address of your calendar"
        hint="Copy it now: it is shown only once. Anyone who has it can see what you registered for, so keep it to yourself."
        value={address}
        readOnly
        autoComplete="off"
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
      />
      <p>
        <a
          href={address.replace(/^https?:/, "webcal:")}
          className="link inline-flex min-h-target items-center"
        >
          Open it in your calendar program
        </a>
      </p>
      <ul className="list-disc space-y-2 ps-5 text-ink-soft">
        <li>
          Google Calendar: “Other calendars”, “From URL”. Google looks only every 8 to 24 hours, so
          give it a day.
        </li>
        <li>Apple Calendar: “File”, “New Calendar Subscription”.</li>
        <li>Outlook: “Add calendar”, “Subscribe from web”.</li>
      </ul>
    </div>
  );
}

function Buttons({ hasAddress }: { hasAddress: boolean }) {
  const isMaking = useIsSending("renew");
  const isEnding = useIsSending("end");
  return (
    <div className="flex flex-wrap gap-3">
      <Form method="post">
        <input type="hidden" name="intent" value="renew" />
        <Button look={hasAddress ? "secondary" : "primary"} pending={isMaking} data-landing>
          {hasAddress ? "Make a new address" : "Make an address"}
        </Button>
        {hasAddress ? (
          <p className="mt-2 max-w-text text-sm text-ink-soft">The old one stops working.</p>
        ) : null}
      </Form>
      {hasAddress ? (
        <Form method="post">
          <input type="hidden" name="intent" value="end" />
          <Button look="danger" pending={isEnding}>
            Turn it off
          </Button>
        </Form>
      ) : null}
    </div>
  );
}
