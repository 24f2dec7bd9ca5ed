import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { AddToCalendar } from "~/components/add-to-calendar";
import { CalendarTile, Tile } from "~/components/calendar-tile";
import { DateTime } from "~/components/date-time";
import type { Seats } from "./live-seats";

/** When it starts, until when one can register, and what it is about in single words. */
export function CompetitionFacts(props: {
  competition: {
    id: string;
    startDate: Date | null;
    endsAt: Date | null;
    regDeadline: Date;
    hasDeadline: boolean;
    status: string;
    place: { words: string | null; link: string | null };
    tags: string[];
  };
  seats: Pick<Seats, "state" | "opensAt">;
}) {
  const { id, status, startDate, endsAt, regDeadline, hasDeadline, place, tags } =
    props.competition;
  const { seats } = props;
  return (
    <dl className="grid gap-4">
      <Fact name="Starts" tile={startDate ? <CalendarTile date={startDate} /> : <Clock />}>
        {startDate ? <DateTime value={startDate} /> : "To be announced"}
        {startDate && status === "published" ? (
          <div className="text-sm font-normal">
            <AddToCalendar id={id} />
          </div>
        ) : null}
      </Fact>
      {endsAt ? (
        <Fact name="Ends" tile={<Clock />}>
          <DateTime value={endsAt} relative={false} />
        </Fact>
      ) : null}
      {place.words ? (
        <Fact name="Place" tile={<Pin />}>
          <bdi className="wrap-anywhere">{place.words}</bdi>
          {place.link ? (
            <a
              href={place.link}
              rel="noopener noreferrer nofollow ugc"
              className="link block font-normal wrap-anywhere"
            >
              {place.link}
            </a>
          ) : null}
        </Fact>
      ) : null}
      {seats.state === "opens" && seats.opensAt ? (
        <Fact name="Register from" tile={<CalendarTile date={seats.opensAt} />}>
          <DateTime value={seats.opensAt} relative={false} />
        </Fact>
      ) : null}
      {status === "cancelled" ? null : (
        <Fact name="Register until" tile={<Clock />}>
          {hasDeadline ? <DateTime value={regDeadline} /> : "To be announced"}
        </Fact>
      )}
      {tags.length > 0 ? (
        <Fact name="Tags">
          <ul className="flex flex-wrap gap-2">
            {tags.map((tag) => (
              <li key={tag}>
                <Link
                  to={`/competitions?tag=${encodeURIComponent(tag)}`}
                  className="inline-flex min-h-8 items-center rounded-full border border-line bg-raised px-3 text-sm text-ink-soft hover:border-line-strong hover:text-ink"
                >
                  <bdi>{tag}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </Fact>
      ) : null}
    </dl>
  );
}

/** Without a tile its name is only heard: what it is shows. */
function Fact(props: { name: string; tile?: ReactNode; children: ReactNode }) {
  const { name, tile, children } = props;
  if (!tile) {
    return (
      <div>
        <dt className="sr-only">{name}</dt>
        <dd>{children}</dd>
      </div>
    );
  }
  return (
    <div className="grid grid-cols-[3rem_minmax(0,1fr)] items-center gap-x-3.5">
      <dt className="col-start-2 text-sm text-ink-soft">{name}</dt>
      <dd className="col-start-2 font-semibold">{children}</dd>
      <dd className="col-start-1 row-span-2 row-start-1">{tile}</dd>
    </div>
  );
}

function Clock() {
  return (
    <Sign>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5.2l3.2 2" />
    </Sign>
  );
}

function Pin() {
  return (
    <Sign>
      <path d="M12 21c4-4.6 6.5-7.8 6.5-11a6.5 6.5 0 0 0-13 0c0 3.2 2.5 6.4 6.5 11z" />
      <circle cx="12" cy="10" r="2.25" />
    </Sign>
  );
}

function Sign({ children }: { children: ReactNode }) {
  return (
    <Tile>
      <svg
        viewBox="0 0 24 24"
        className="size-6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {children}
      </svg>
    </Tile>
  );
}
