import type { LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/button";
import { CompetitionCard } from "~/components/competition-card";
import { EmptyState } from "~/components/empty-state";
import { pageMeta } from "~/components/page";
import { showHome } from "./home.server";

export const meta = () =>
  pageMeta(undefined, "Find a competition and take your seat. Every seat is given exactly once.");

export const loader = ({ request, context }: LoaderFunctionArgs) => showHome(request, context);

export default function Home() {
  const { role, competitions } = useLoaderData<typeof loader>();
  return (
    <>
      <header className="max-w-text py-4 sm:py-10">
        <h1 tabIndex={-1} className="text-3xl font-semibold tracking-tight">
          Find a competition. Take your seat.
        </h1>
        <p className="mt-4 text-lg text-ink-soft">
          Organizers open seats, participants take them, and every seat is given exactly once, even
          when everybody comes at the same moment.
        </p>
        <p className="mt-7 flex flex-wrap gap-3">
          <ButtonLink to="/competitions">See all competitions</ButtonLink>
          {role === null ? (
            <ButtonLink to="/signup" look="secondary">
              Create an account
            </ButtonLink>
          ) : null}
          {role === "ORGANIZER" ? (
            <ButtonLink to="/competitions/new" look="secondary">
              New competition
            </ButtonLink>
          ) : null}
        </p>
      </header>
      <section aria-labelledby="next" className="mt-8">
        <div className="flex items-baseline justify-between gap-4 border-b border-line pb-3">
          <h2 id="next" className="text-lg font-semibold">
            Next up
          </h2>
          <Link to="/competitions" className="link inline-flex min-h-6 items-center text-sm">
            All
          </Link>
        </div>
        {competitions.length === 0 ? (
          <EmptyState title="Nothing is open for registration">
            As soon as an organizer opens a competition, it shows up here.
          </EmptyState>
        ) : (
          competitions.map((one) => <CompetitionCard key={one.id} competition={one} level={3} />)
        )}
      </section>
    </>
  );
}
