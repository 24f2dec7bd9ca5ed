import { Link } from "@remix-run/react";
import { type ChipFacts, StateChip } from "./chip";
import { Cover } from "./cover";
import { DateTime } from "./date-time";
import { SeatLine } from "./seat-meter";

/** What a list shows of a competition. */
export interface CompetitionSummary {
  id: string;
  title: string;
  capacity: number;
  registrations: number;
  opensAt: Date | null;
  regDeadline: Date;
  startDate: Date | null;
  endsAt: Date | null;
  /** By whose clocks its times are shown. */
  timeZone: string;
  /** Where it is, in words. */
  place: string | null;
  organizerId: string;
  organizerName: string;
  /** People in line, and the most there can be. */
  waiting: number;
  waitlistLimit: number;
  state: ChipFacts["state"];
}

/** With what the visitor has there, where that is to be shown. */
export interface ListedSummary extends CompetitionSummary {
  has?: "a seat" | "a place" | undefined;
}

/**
 * Competitions as cards, side by side where there is room.
 *
 * @param props.inSight how many are in sight at once, so that their pictures are not waited for
 */
export function CompetitionCards(props: {
  competitions: ListedSummary[];
  level?: 2 | 3 | 4;
  inSight?: number;
}) {
  const { competitions, level = 2, inSight = 3 } = props;
  return (
    <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3 lg:gap-5 print:grid-cols-2">
      {competitions.map((one, index) => (
        <li key={one.id}>
          <CompetitionCard
            competition={one}
            level={level}
            has={one.has}
            isFirst={index < inSight}
          />
        </li>
      ))}
    </ul>
  );
}

/**
 * One competition in a list: its face, what, when, who, and how many seats are left.
 *
 * @param props.has what the visitor has there
 * @param props.isFirst whether it is in sight at once, so that its picture is not waited for
 */
function CompetitionCard(props: {
  competition: CompetitionSummary;
  level: 2 | 3 | 4;
  has: "a seat" | "a place" | undefined;
  isFirst: boolean;
}) {
  const { competition, has, isFirst } = props;
  const Heading = `h${props.level}` as const;
  return (
    <article className="card relative grid h-full grid-cols-[min(6.5rem,32%)_minmax(0,1fr)] overflow-hidden transition-shadow hover:[box-shadow:var(--lift-more)] has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent sm:grid-cols-1 sm:grid-rows-[auto_1fr] print:block">
      <Cover
        id={competition.id}
        isFirst={isFirst}
        className="h-full w-full sm:aspect-[2/1] sm:h-auto"
      />
      <div className="flex min-w-0 flex-col px-3.5 pt-3 pb-3.5 sm:px-4 sm:pt-3.5 sm:pb-4">
        <p className="text-xs font-semibold text-warn">
          {competition.startDate ? (
            <DateTime value={competition.startDate} zone={competition.timeZone} relative={false} />
          ) : (
            "Date to be announced"
          )}
        </p>
        <Heading className="mt-0.5 text-lg leading-snug font-semibold wrap-anywhere">
          <Link
            to={`/competitions/${competition.id}`}
            className="line-clamp-3 outline-none after:absolute after:inset-0 hover:underline"
          >
            <bdi>{competition.title}</bdi>
          </Link>
        </Heading>
        <p className="-mx-1.5 line-clamp-2 shrink-0 px-1.5 pt-1 text-sm wrap-anywhere text-ink-soft">
          by{" "}
          <Link
            to={`/organizers/${competition.organizerId}`}
            className="relative z-1 py-1 hover:underline"
          >
            <bdi>{competition.organizerName}</bdi>
          </Link>
          {competition.place ? (
            <>
              {" · "}
              <bdi>{competition.place}</bdi>
            </>
          ) : null}
        </p>
        <SeatLine
          capacity={competition.capacity}
          taken={competition.registrations}
          waiting={competition.state === "full" ? competition.waiting : 0}
          isClosed={["closed", "draft", "cancelled"].includes(competition.state)}
          chip={<StateChip of={competition} has={has} />}
        />
      </div>
    </article>
  );
}
