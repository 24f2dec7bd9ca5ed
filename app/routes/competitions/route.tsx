import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/button";
import { CompetitionCard } from "~/components/competition-card";
import { EmptyState } from "~/components/empty-state";
import { ListSearch } from "~/components/list-search";
import { listTitle, Page, pageMeta, pageOf } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { browse, findUser } from "~/web/index.server";
import { FoundHeading } from "./found-heading";
import { TagLinks } from "./tag-links";

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  const name = data?.tag ? `tagged ${data.tag}, Competitions` : "Competitions";
  const title = data && listTitle(name, data);
  return pageMeta(title, "Every competition, with the seats it has left.");
};

export async function loader({ request, context }: LoaderFunctionArgs) {
  const [user, list] = await Promise.all([findUser(request, context), browse(request, context)]);
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
      <ListSearch q={q} />
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
