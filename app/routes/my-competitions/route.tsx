import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/button";
import { CompetitionCard } from "~/components/competition-card";
import { EmptyState } from "~/components/empty-state";
import { Page, pageMeta, pageOf } from "~/components/page";
import { Pagination } from "~/components/pagination";
import { browse, requireActor } from "~/web/index.server";

export const meta: MetaFunction<typeof loader> = ({ data }) =>
  pageMeta(["My competitions", data && pageOf(data)].filter(Boolean).join(", "));

export async function loader({ request }: LoaderFunctionArgs) {
  const organizer = await requireActor(request, "list own competitions");
  return browse(request, { organizerId: organizer.id });
}

export default function MyCompetitions() {
  const { items, page, pages } = useLoaderData<typeof loader>();
  const create = <ButtonLink to="/competitions/new">New competition</ButtonLink>;
  return (
    <Page title="My competitions" actions={items.length > 0 ? create : undefined}>
      {items.length === 0 ? (
        <EmptyState title="You have not created a competition yet" action={create}>
          Give it a title, a number of seats and a deadline. It opens at once.
        </EmptyState>
      ) : (
        <div className="border-t border-line">
          {items.map((one) => (
            <CompetitionCard key={one.id} competition={one} />
          ))}
        </div>
      )}
      <Pagination page={page} pages={pages} />
    </Page>
  );
}
