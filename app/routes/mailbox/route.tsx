import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useSearchParams } from "@remix-run/react";
import { DataTable } from "~/components/data-table";
import { DateTime } from "~/components/date-time";
import { EmptyState } from "~/components/empty-state";
import { ListSearch, SearchResult } from "~/components/list-search";
import { listTitle, Page, pageMeta } from "~/components/page";
import { FurtherPages } from "~/components/pagination";
import { PrintAll } from "~/components/print-all";
import { showMailbox } from "./list.server";

export const meta: MetaFunction<typeof loader> = ({ data }) => pageMeta(listTitle("Mailbox", data));

export const loader = ({ request }: LoaderFunctionArgs) => showMailbox(request);

export default function Mailbox() {
  const { email, q, sort, mails, after } = useLoaderData<typeof loader>();
  const isPart = useSearchParams()[0].has("after") || after !== null;
  const isNewestFirst = sort.by === "sent" && sort.descending;
  return (
    <Page title="Mailbox" lede={`Mail we sent to ${email}.`}>
      {mails.length > 0 || q ? <ListSearch q={q} label="Search subjects" /> : null}
      <SearchResult q={q} found={mails.length > 0} />
      {mails.length > 0 ? (
        <div className="mt-6">
          <DataTable
            caption="Mail"
            rows={mails}
            rowKey={(mail) => mail.id}
            sort={sort}
            columns={[
              {
                name: "subject",
                label: "Subject",
                sort: "subject",
                isHead: true,
                cell: ({ id, subject }) => (
                  <Link
                    to={`/mailbox/${id}`}
                    className="inline-flex min-h-6 items-center rounded-sm hover:underline"
                  >
                    <bdi>{subject}</bdi>
                  </Link>
                ),
              },
              {
                name: "sent",
                label: "Sent",
                sort: "-sent",
                isShort: true,
                cell: ({ sentAt }) => <DateTime value={sentAt} />,
              },
            ]}
          />
        </div>
      ) : q ? null : (
        <EmptyState title="No mail yet">
          Confirmations, reminders and news about your competitions arrive here.
        </EmptyState>
      )}
      <FurtherPages
        after={after}
        words={isNewestFirst ? { start: "Newest", next: "Older" } : undefined}
      />
      {isPart ? <PrintAll to="/mailbox/print" isPart /> : null}
    </Page>
  );
}
