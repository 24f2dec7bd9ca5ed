import type { LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/button";
import { DateTime } from "~/components/date-time";
import { EmptyState } from "~/components/empty-state";
import { Page, pageMeta } from "~/components/page";
import { OlderPages } from "~/components/pagination";
import { showRegistrations } from "./list.server";

export const meta = () => pageMeta("My registrations");

export const loader = ({ request }: LoaderFunctionArgs) => showRegistrations(request);

export default function MyRegistrations() {
  const { registrations, older } = useLoaderData<typeof loader>();
  return (
    <Page title="My registrations">
      {registrations.length === 0 ? (
        <EmptyState
          title="You are not registered for anything yet"
          action={<ButtonLink to="/competitions">See all competitions</ButtonLink>}
        >
          Take a seat in a competition, and it shows up here with its number.
        </EmptyState>
      ) : (
        <ul className="border-t border-line">
          {registrations.map((registration) => (
            <Registration key={registration.id} {...registration} />
          ))}
        </ul>
      )}
      <OlderPages before={older} />
    </Page>
  );
}

function Registration(props: {
  seatNo: number;
  registeredAt: Date;
  competition: { id: string; title: string; startDate: Date | null };
}) {
  const { id, title, startDate } = props.competition;
  return (
    <li className="relative flex flex-wrap items-center justify-between gap-x-8 gap-y-2 border-b border-line py-5">
      <div className="min-w-0">
        <h2 className="text-lg leading-snug font-semibold wrap-anywhere">
          <Link
            to={`/competitions/${id}`}
            className="rounded-sm after:absolute after:inset-0 hover:underline"
          >
            <bdi>{title}</bdi>
          </Link>
        </h2>
        <p className="mt-1 text-sm text-ink-soft">
          {startDate ? (
            <>
              Starts <DateTime value={startDate} />
            </>
          ) : (
            "Start date to be announced"
          )}
        </p>
        <p className="text-sm text-ink-soft">
          Registered <DateTime value={props.registeredAt} relative={false} />
        </p>
      </div>
      <p className="text-lg font-semibold tabular-nums">Seat {props.seatNo}</p>
    </li>
  );
}
