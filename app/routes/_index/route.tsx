import type { LoaderFunctionArgs } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { ButtonLink } from "~/components/button";
import { CompetitionCards } from "~/components/competition-card";
import { Cover } from "~/components/cover";
import { EmptyState } from "~/components/empty-state";
import { pageMeta } from "~/components/page";
import { YourNext } from "~/components/your-next";
import { showHome } from "./home.server";

export const meta = () =>
  pageMeta(undefined, "Find a competition and take your seat. Every seat is given exactly once.");

export const loader = ({ request, context }: LoaderFunctionArgs) => showHome(request, context);

export default function Home() {
  const { role, next, competitions } = useLoaderData<typeof loader>();
  return (
    <>
      <header className="grid items-center gap-10 py-3 sm:py-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="max-w-text min-w-0">
          <h1 tabIndex={-1} className="text-4xl font-bold tracking-tight">
            Find a competition. Take your seat.
          </h1>
          <p className="mt-5 max-w-[34rem] text-lg text-ink-soft sm:text-xl">
            Pick what you like, press once, and see your seat number right away. Every seat goes to
            one person only, even when everybody comes at the same moment.
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
        </div>
        <Fan ids={competitions.slice(0, 3).map(({ id }) => id)} />
      </header>
      <YourNext competitions={next} />
      <section aria-labelledby="next-up" className="mt-8 sm:mt-10">
        <div className="mb-4 flex items-baseline justify-between gap-4">
          <h2 id="next-up" className="text-2xl font-semibold tracking-tight">
            Next up
          </h2>
          <Link to="/competitions" className="link inline-flex min-h-6 items-center text-sm">
            See all
          </Link>
        </div>
        {competitions.length === 0 ? (
          <EmptyState title="Nothing is open right now">
            New competitions show up here as soon as they open.
          </EmptyState>
        ) : (
          <CompetitionCards competitions={competitions} level={3} />
        )}
      </section>
    </>
  );
}

/** The faces of what is next, as cards in a hand. To be seen only: they stand below with their names. */
function Fan({ ids }: { ids: string[] }) {
  if (ids.length < 3) return null;
  return (
    <div aria-hidden="true" className="relative hidden h-64 lg:block">
      {ids.map((id, index) => (
        <Cover
          key={id}
          id={id}
          isFirst
          className={`absolute aspect-[4/5] w-44 rounded-lg border border-line [box-shadow:var(--lift-more)] ${FAN[index]}`}
        />
      ))}
    </div>
  );
}

const FAN = [
  "start-2 top-6 -rotate-6 rtl:rotate-6",
  "end-2 top-7 rotate-6 rtl:-rotate-6",
  "start-[6.5rem] top-2 z-1",
];
