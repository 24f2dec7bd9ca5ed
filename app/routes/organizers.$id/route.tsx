import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { Avatar } from "~/components/avatar";
import { CompetitionCards } from "~/components/competition-card";
import { EmptyState } from "~/components/empty-state";
import { Page, pageMeta, pageOf } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { showOrganizer } from "./show.server";

export const meta: MetaFunction<typeof loader> = ({ data }) => {
  if (!data) return pageMeta(undefined);
  const title = [data.name, pageOf(data)].filter(Boolean).join(", ");
  return pageMeta(title, `Competitions by ${data.name}, and how many seats are left.`);
};

export const loader = ({ request, params, context }: LoaderFunctionArgs) =>
  showOrganizer(request, { id: params.id, context });

export default function Organizer() {
  const { name, parts, page, pages, total } = useLoaderData<typeof loader>();
  return (
    <Page
      title={name}
      above={
        <Link to="/competitions" className="link inline-flex min-h-6 items-center">
          Competitions
        </Link>
      }
      lede={
        <span className="flex items-center gap-3">
          <Avatar name={name} />
          {total === 1 ? "Organizer of 1 competition" : `Organizer of ${total} competitions`}
        </span>
      }
    >
      {parts.length === 0 ? (
        <EmptyState title="No competitions yet">The first one will show up here.</EmptyState>
      ) : null}
      {parts.map(({ title, items }, part) => (
        <section key={title} aria-label={title} className="mt-8 first:mt-0">
          <h2 className="mb-4 text-2xl font-semibold tracking-tight">{title}</h2>
          <CompetitionCards competitions={items} level={3} inSight={part === 0 ? 3 : 0} />
        </section>
      ))}
      <Pagination page={page} pages={pages} />
    </Page>
  );
}
