import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { Button, ButtonLink } from "~/components/button";
import { CompetitionCard } from "~/components/competition-card";
import { EmptyState } from "~/components/empty-state";
import { Page, pageMeta, pageOf } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { SearchInput } from "~/components/search-input";
import { browse, findUser } from "~/web/index.server";
import { FoundHeading } from "./found-heading";
import { TagLinks } from "./tag-links";

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const asked = data && [
    data.q && `“${data.q}”`,
    data.tag && `tagged ${data.tag}`,
    "Competitions",
    pageOf(data),
  ];
  const title = asked ? asked.filter(Boolean).join(", ") : undefined;
  return pageMeta(title, "Every competition, with the seats it has left.");
};

export async function loader({ request, context }: LoaderFunctionArgs) {
  const [user, list] = await Promise.all([findUser(request, context), browse(request)]);
  return { ...list, isOrganizer: user?.role === "ORGANIZER" };
}

export default function Competitions() {
  const { q, tag, tags, items, total, more, page, pages, isOrganizer } =
    useLoaderData<typeof loader>();
  return (
    <Page
      title="Competitions"
      actions={
        isOrganizer ? <ButtonLink to="/competitions/new">New competition</ButtonLink> : undefined
      }
    >
      <Form method="get" role="search" className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-52 space-y-1.5">
          <label htmlFor="q" className="block font-semibold">
            Search
          </label>
          <SearchInput q={q} />
        </div>
        {tag ? <input type="hidden" name="tag" value={tag} /> : null}
        <Button look="secondary">Search</Button>
      </Form>
      <TagLinks tags={tags} current={tag} q={q} />
      <div className="mt-6 border-b border-line pb-3 text-sm text-ink-soft">
        <FoundHeading q={q} tag={tag} total={total} more={more} part={pageOf({ page, pages })} />
        {q || tag ? (
          <>
            {" · "}
            <Link to="/competitions" className="link">
              Show all
            </Link>
          </>
        ) : null}
      </div>
      {items.length === 0 ? (
        <EmptyState title={q || tag ? "Nothing matches" : "No competitions yet"}>
          {q || tag
            ? "Try fewer or other words."
            : "As soon as an organizer creates one, it shows up here."}
        </EmptyState>
      ) : (
        items.map((one) => <CompetitionCard key={one.id} competition={one} level={3} />)
      )}
      <Pagination page={page} pages={pages} />
    </Page>
  );
}
