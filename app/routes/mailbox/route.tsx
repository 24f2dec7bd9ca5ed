import type { LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { DateTime } from "~/components/date-time";
import { EmptyState } from "~/components/empty-state";
import { Page, pageMeta } from "~/components/page";
import { OlderPages } from "~/components/pagination";
import { showMailbox } from "./list.server";

export const meta = () => pageMeta("Mailbox");

export const loader = ({ request }: LoaderFunctionArgs) => showMailbox(request);

export default function Mailbox() {
  const { email, mails, older } = useLoaderData<typeof loader>();
  return (
    <Page title="Mailbox" lede={`What was sent to ${email}.`}>
      {mails.length === 0 ? (
        <EmptyState title="No mail yet">
          Confirmations and reminders of your registrations arrive here.
        </EmptyState>
      ) : (
        <ul className="border-t border-line">
          {mails.map((mail) => (
            <li
              key={mail.id}
              className="relative flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1 border-b border-line py-4"
            >
              <Link
                to={`/mailbox/${mail.id}`}
                className="min-w-0 rounded-sm font-semibold wrap-anywhere after:absolute after:inset-0 hover:underline"
              >
                <bdi>{mail.subject}</bdi>
              </Link>
              <span className="text-sm text-ink-soft">
                <DateTime value={mail.sentAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <OlderPages before={older} />
    </Page>
  );
}
