import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { DateTime } from "~/components/date-time";
import type { Seats } from "./live-seats";

/** When it starts, until when one can register, and what it is about in single words. */
export function CompetitionFacts(props: {
  competition: { startDate: Date | null; regDeadline: Date; tags: string[] };
  seats: Pick<Seats, "state" | "opensAt">;
}) {
  const { startDate, regDeadline, tags } = props.competition;
  const { seats } = props;
  return (
    <dl className="border-t border-line">
      <Fact name="Starts">{startDate ? <DateTime value={startDate} /> : "To be announced"}</Fact>
      {seats.state === "opens" && seats.opensAt ? (
        <Fact name="Register from">
          <DateTime value={seats.opensAt} relative={false} />
        </Fact>
      ) : null}
      <Fact name="Register until">
        <DateTime value={regDeadline} />
      </Fact>
      {tags.length > 0 ? (
        <Fact name="Tags">
          <ul className="flex flex-wrap gap-x-3">
            {tags.map((tag) => (
              <li key={tag}>
                <Link
                  to={`/competitions?tag=${encodeURIComponent(tag)}`}
                  className="link inline-flex min-h-6 items-center"
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

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 border-b border-line py-3 sm:grid-cols-[8rem_1fr]">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
