import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/button";
import { EmptyState } from "~/components/empty-state";
import { ListSearch } from "~/components/list-search";
import { listTitle, Page, pageMeta, pageOf } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { YourNext } from "~/components/your-next";
import { ByMonth } from "./by-month";
import { discover } from "./discover.server";
import { FoundHeading } from "./found-heading";
import { TagLinks } from "./tag-links";
import { WhenLinks } from "./when-links";

const WORDS = {
  open: {
    title: "Competitions",
    about: "Competitions you can join now, and how many seats are left.",
    none: "Nothing is open right now",
    way: "Have a look at what opens soon.",
  },
  soon: {
    title: "Opening soon",
    about: "Competitions that open for registration soon, and when they do.",
    none: "Nothing opens soon",
    way: "What you can join already is under Open.",
  },
  past: {
    title: "Past competitions",
    about: "Competitions that have taken place.",
    none: "Nothing is over yet",
    way: "Competitions move here once they have taken place.",
  },
  all: {
    title: "All competitions",
    about: "Every competition, and how many seats are left.",
    none: "No competitions yet",
    way: "The first one shows up here as soon as an organizer publishes it.",
  },
};

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  if (!data) return pageMeta(undefined);
  const { title, about } = WORDS[data.when];
  return [
    ...pageMeta(listTitle(data.tag ? `tagged ${data.tag}, ${title}` : title, data), about),
    { tagName: "link", rel: "canonical", href: data.canonical },
    ...(data.q ? [{ name: "robots", content: "noindex" }] : []),
  ];
};

export const loader = ({ request, context }: LoaderFunctionArgs) => discover(request, context);

export default function Competitions() {
  const { q, tag, tags, when, items, total, more, page, pages, next, role } =
    useLoaderData<typeof loader>();
  const isNarrow = q !== "" || tag !== "";
  return (
    <Page
      title={q && when === "all" ? "Competitions" : WORDS[when].title}
      actions={
        role === "ORGANIZER" ? (
          <ButtonLink to="/competitions/new">New competition</ButtonLink>
        ) : undefined
      }
    >
      <YourNext competitions={next} />
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-80">
          <ListSearch q={q} />
        </div>
        <WhenLinks current={when} />
      </div>
      <TagLinks tags={tags} current={tag} when={when} />
      <div className="mt-7 mb-4 text-sm text-ink-soft">
        <FoundHeading q={q} tag={tag} total={total} more={more} part={pageOf({ page, pages })} />
        {isNarrow ? (
          <>
            {" · "}
            <Link to="/competitions" className="link">
              Show all
            </Link>
          </>
        ) : null}
      </div>
      {items.length === 0 ? (
        <EmptyState title={isNarrow ? "Nothing matches" : WORDS[when].none}>
          {isNarrow
            ? "Try fewer words, or others. “Show all” brings everything back."
            : WORDS[when].way}
        </EmptyState>
      ) : (
        <ByMonth competitions={items} when={when} />
      )}
      <Pagination page={page} pages={pages} />
    </Page>
  );
}
