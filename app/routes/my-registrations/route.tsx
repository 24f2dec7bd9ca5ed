import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/button";
import { EmptyState } from "~/components/empty-state";
import { ListSearch, SearchResult } from "~/components/list-search";
import { listTitle, Page, pageMeta } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { PrintAll } from "~/components/print-all";
import { showRegistrations } from "./list.server";
import { OwnPart } from "./own-part";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(listTitle("My registrations", data));

export const loader = ({ request }: LoaderFunctionArgs) => showRegistrations(request);

export default function MyRegistrations() {
  const { parts, page, pages, total, q } = useLoaderData<typeof loader>();
  const [first] = parts;
  const isNothingNext = page === 1 && !q && (first?.name === "past" || first?.name === "cancelled");
  return (
    <Page
      title="My registrations"
      actions={
        <ButtonLink to="/my-registrations/calendar" look="secondary">
          Your calendar
        </ButtonLink>
      }
    >
      {first || q ? <ListSearch q={q} label="Search competitions" /> : null}
      <SearchResult q={q} found={total} />
      {isNothingNext ? (
        <p className="mt-6 text-ink-soft">
          Nothing is coming up.{" "}
          <Link to="/competitions" className="link">
            See what is open
          </Link>
        </p>
      ) : null}
      {parts.map(({ name, seats }) => (
        <OwnPart key={name} name={name} seats={seats} />
      ))}
      {first || q ? null : (
        <EmptyState
          title="You are not registered for anything yet"
          action={<ButtonLink to="/competitions">See all competitions</ButtonLink>}
        >
          Take a seat, and it shows up here with its number.
        </EmptyState>
      )}
      <Pagination page={page} pages={pages} />
      {pages > 1 ? <PrintAll to="/my-registrations/print" isPart /> : null}
    </Page>
  );
}
