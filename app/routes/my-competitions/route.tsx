import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/button";
import { CompetitionCards } from "~/components/competition-card";
import { EmptyState } from "~/components/empty-state";
import { ListSearch, SearchResult } from "~/components/list-search";
import { listTitle, Page, pageMeta } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { PrintAll } from "~/components/print-all";
import { showOwn } from "./list.server";
import { SortLinks } from "./sort-links";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(listTitle("My competitions", data));

export const loader = ({ request }: LoaderFunctionArgs) => showOwn(request);

export default function MyCompetitions() {
  const { items, page, pages, total, q, sort } = useLoaderData<typeof loader>();
  const create = <ButtonLink to="/competitions/new">New competition</ButtonLink>;
  return (
    <Page title="My competitions" actions={items.length > 0 ? create : undefined}>
      {items.length > 0 || q ? <ListSearch q={q} /> : null}
      <SearchResult q={q} found={total} />
      {items.length > 0 ? (
        <>
          <SortLinks
            sort={sort}
            orders={[
              { label: "Newest", sort: "-created" },
              { label: "Title", sort: "title" },
              { label: "Start", sort: "start" },
            ]}
          />
          <div className="mt-3">
            <CompetitionCards competitions={items} />
          </div>
        </>
      ) : q ? null : (
        <EmptyState title="You have not created a competition yet" action={create}>
          All it takes is a title, a description, a number of seats and a deadline.
        </EmptyState>
      )}
      <Pagination page={page} pages={pages} />
      {pages > 1 ? <PrintAll to="/my-competitions/print" isPart /> : null}
    </Page>
  );
}
