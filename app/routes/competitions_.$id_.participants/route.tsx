import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useActionData, useLoaderData } from "@remix-run/react";
import { DataTable } from "~/components/data-table";
import { DateTime, RelativeTime } from "~/components/date-time";
import { EmptyState } from "~/components/empty-state";
import { ErrorSummary } from "~/components/error-summary";
import { ListSearch, SearchResult } from "~/components/list-search";
import { listTitle, Page, pageMeta } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { PrintAll } from "~/components/print-all";
import { SeatMeter } from "~/components/seat-meter";
import { LineSection } from "./line-section";
import { promoteWithForm } from "./promote.server";
import { showParticipants } from "./show.server";
import { Sparkline } from "./sparkline";

export { keepWhenUnanswered as clientAction } from "~/components/unanswered";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(data && `${listTitle("Participants", data)}, ${data.competition.title}`);

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  showParticipants(request, params.id);

export const action = ({ request, params }: ActionFunctionArgs) =>
  promoteWithForm(request, params.id);

export default function Participants() {
  const { competition, q, sort, page, pages, total, participants, growth, line } =
    useLoaderData<typeof loader>();
  const { id, title, capacity, registrations } = competition;
  const [first] = growth;
  const again = useActionData<typeof action>();
  return (
    <Page
      title="Participants"
      above={
        <Link to={`/competitions/${id}`} className="link inline-flex min-h-6 items-center">
          <bdi>{title}</bdi>
        </Link>
      }
    >
      <ErrorSummary errors={again?.errors} />
      <div className="mb-10 grid items-end gap-8 sm:grid-cols-2">
        <SeatMeter capacity={capacity} taken={registrations} />
        {first && registrations > 0 ? (
          <figure>
            <Sparkline
              points={growth}
              max={growth.at(-1)?.total ?? 0}
              label={`Registrations over time, up to ${registrations} by now`}
            />
            <figcaption className="mt-1.5 flex justify-between gap-3 text-sm text-ink-soft">
              <span>
                Created <RelativeTime value={first.at} />
              </span>
              <span>Registrations until now</span>
            </figcaption>
          </figure>
        ) : null}
      </div>
      {participants.length > 0 || q ? (
        <>
          <ListSearch q={q} label="Search by name or email" />
          <SearchResult q={q} found={total} />
        </>
      ) : (
        <EmptyState title="Nobody has registered yet">
          Share the link to your competition. Everybody who registers shows up here.
        </EmptyState>
      )}
      {participants.length > 0 ? (
        <div className="mt-6">
          <DataTable
            caption={`Participants of ${title}`}
            rows={participants}
            rowKey={(row) => row.id}
            sort={sort}
            columns={[
              {
                name: "seat",
                label: "Seat",
                sort: "seat",
                isShort: true,
                cell: (row) => row.seatNo,
              },
              {
                name: "name",
                label: "Name",
                sort: "name",
                isHead: true,
                cell: (row) => <bdi>{row.user.name}</bdi>,
              },
              { name: "email", label: "Email", cell: (row) => row.user.email },
              {
                name: "registeredAt",
                label: "Registered",
                sort: "-registeredAt",
                isShort: true,
                cell: (row) => <DateTime value={row.registeredAt} relative={false} />,
              },
            ]}
          />
          <Pagination page={page} pages={pages} />
          <p className="mt-6 flex flex-wrap gap-x-6">
            <PrintAll to={`/competitions/${id}/participants/print`} isPart={pages > 1} />
            <a
              href={`/competitions/${id}/participants.csv`}
              className="link inline-flex min-h-target items-center print:hidden"
            >
              Download as CSV
            </a>
          </p>
        </div>
      ) : null}
      <LineSection
        line={line}
        title={title}
        q={q}
        typed={again?.values.count}
        error={again?.errors.count}
      />
    </Page>
  );
}
