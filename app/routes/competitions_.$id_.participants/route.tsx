import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { DateTime, RelativeTime } from "~/components/date-time";
import { EmptyState } from "~/components/empty-state";
import { Page, pageMeta, pageOf } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { SeatMeter } from "~/components/seat-meter";
import { DataTable } from "./data-table";
import { showParticipants } from "./show.server";
import { Sparkline } from "./sparkline";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(
    ["Participants", data && pageOf(data), data?.competition.title].filter(Boolean).join(", "),
  );

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  showParticipants(request, params.id);

export default function Participants() {
  const { competition, sort, page, pages, participants, growth } = useLoaderData<typeof loader>();
  const { id, title, capacity, registrations } = competition;
  const [first] = growth;
  return (
    <Page
      title="Participants"
      above={
        <Link to={`/competitions/${id}`} className="link inline-flex min-h-6 items-center">
          <bdi>{title}</bdi>
        </Link>
      }
    >
      <div className="mb-10 grid items-end gap-8 sm:grid-cols-2">
        <SeatMeter capacity={capacity} taken={registrations} />
        <figure>
          <Sparkline
            points={growth}
            max={growth.at(-1)?.total ?? 0}
            label={`Registrations over time, up to ${registrations} by now`}
          />
          <figcaption className="mt-1.5 flex justify-between gap-3 text-sm text-ink-soft">
            <span>Registrations over time</span>
            {first ? (
              <span>
                opened <RelativeTime value={first.at} />
              </span>
            ) : null}
          </figcaption>
        </figure>
      </div>
      {participants.length === 0 ? (
        <EmptyState title="Nobody has registered yet">
          Share the address of the competition. Everybody who registers shows up here.
        </EmptyState>
      ) : (
        <>
          <DataTable
            caption={`Participants of ${title}`}
            rows={participants}
            rowKey={(row) => row.id}
            sortedBy={sort}
            columns={[
              {
                name: "seat",
                label: "Seat",
                sortTo: "?sort=seat",
                cell: (row) => <span className="tabular-nums">{row.seatNo}</span>,
              },
              {
                name: "name",
                label: "Name",
                sortTo: "?sort=name",
                cell: (row) => <bdi>{row.user.name}</bdi>,
              },
              { name: "email", label: "Email", cell: (row) => row.user.email },
              {
                name: "registeredAt",
                label: "Registered",
                sortTo: "?sort=registeredAt",
                cell: (row) => <DateTime value={row.registeredAt} relative={false} />,
              },
            ]}
          />
          <Pagination page={page} pages={pages} />
          <p className="mt-6">
            <a
              href={`/competitions/${id}/participants.csv`}
              className="link inline-flex min-h-target items-center"
            >
              Download as CSV
            </a>
          </p>
        </>
      )}
    </Page>
  );
}
