import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { DateTime, RelativeTime, useVisitorTime } from "./date-time";
import { SeatMeter } from "./seat-meter";

/** What a list shows of a competition. */
export interface CompetitionSummary {
  id: string;
  title: string;
  tags: string[];
  capacity: number;
  registrations: number;
  opensAt: Date | null;
  regDeadline: Date;
  startDate: Date | null;
  organizerName: string;
  state: "opens" | "open" | "full" | "closed";
}

/** One competition in a list: what, when, how many seats are left. */
export function CompetitionCard(props: { competition: CompetitionSummary; level?: 2 | 3 }) {
  const { competition } = props;
  const Heading = props.level === 3 ? "h3" : "h2";
  return (
    <article className="relative grid gap-x-8 gap-y-3 border-b border-line py-5 sm:grid-cols-[1fr_15rem]">
      <div className="min-w-0">
        <Heading className="text-lg leading-snug font-semibold wrap-anywhere">
          <Link
            to={`/competitions/${competition.id}`}
            className="rounded-sm after:absolute after:inset-0 hover:underline"
          >
            <bdi>{competition.title}</bdi>
          </Link>
        </Heading>
        <p className="mt-1 text-sm text-ink-soft">
          {competition.startDate ? (
            <>
              Starts <DateTime value={competition.startDate} />
            </>
          ) : (
            "Start date to be announced"
          )}
          {" · "}by <bdi>{competition.organizerName}</bdi>
        </p>
        <p className="mt-2 flex flex-wrap items-center gap-2">
          <CompetitionState competition={competition} />
          {competition.tags.map((tag) => (
            <span key={tag} className="text-xs text-ink-soft">
              #<bdi>{tag}</bdi>
            </span>
          ))}
        </p>
      </div>
      <SeatMeter
        capacity={competition.capacity}
        taken={competition.registrations}
        isClosed={competition.state === "closed"}
        className="self-center"
      />
    </article>
  );
}

/** Whether one can register, in a word or two. A page that stays open sees the opening by itself. */
function CompetitionState({ competition }: { competition: CompetitionSummary }) {
  const { opensAt, registrations, capacity } = competition;
  const { now } = useVisitorTime();
  const hasOpened = competition.state === "opens" && opensAt && opensAt <= now;
  const state = hasOpened ? (registrations < capacity ? "open" : "full") : competition.state;
  if (state === "opens" && opensAt) {
    return (
      <Badge tone="info">
        <span>
          Opens <RelativeTime value={opensAt} />
        </span>
      </Badge>
    );
  }
  if (state === "open") return <Badge tone="accent">Open</Badge>;
  if (state === "full") return <Badge tone="warn">Sold out</Badge>;
  return <Badge>Registration closed</Badge>;
}

type Tone = "neutral" | "accent" | "info" | "warn" | "danger";

const TONES: Record<Tone, string> = {
  neutral: "bg-sunken text-ink-soft",
  accent: "bg-accent-soft text-accent",
  info: "bg-info-soft text-info",
  warn: "bg-warn-soft text-warn",
  danger: "bg-danger-soft text-danger",
};

/**
 * A state in a word or two. The words carry the meaning; the colour only helps to find it. Its border
 * shows where backgrounds are not drawn: on paper, and in a visitor's own colours.
 */
function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center rounded-full border border-transparent px-2.5 py-0.5 text-xs font-medium whitespace-nowrap print:border-current ${TONES[tone]}`}
    >
      {children}
    </span>
  );
}
