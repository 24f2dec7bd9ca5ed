import type { ReactNode } from "react";
import { RelativeTime, useVisitorTime } from "./date-time";

/** What a chip tells of; the words say the same. */
export type Tone = "open" | "few" | "wait" | "over" | "in" | "draft";

const TONES: Record<Tone, string> = {
  open: "border-transparent bg-accent-soft text-accent",
  few: "border-transparent bg-warn-soft text-warn",
  wait: "border-transparent bg-info-soft text-info",
  over: "border-transparent bg-sunken text-ink-soft",
  in: "border-transparent bg-accent text-on-accent forced-colors:border-[Highlight] forced-colors:forced-color-adjust-none",
  draft: "border-dashed border-line-strong text-ink-soft",
};

/**
 * A state in a word or two, one on each card. The words carry the meaning; the colour only helps to
 * find it. Its border shows where backgrounds are not drawn: on paper, and in a visitor's own colours.
 */
export function Chip({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center rounded-full border px-2.5 py-0.5 text-xs font-semibold print:border-current ${TONES[tone]}`}
    >
      {children}
    </span>
  );
}

/** What a chip must know of a competition. */
export interface ChipFacts {
  state: "opens" | "open" | "full" | "closed" | "draft" | "cancelled";
  capacity: number;
  registrations: number;
  opensAt: Date | null;
  regDeadline: Date;
  startDate?: Date | null;
  waiting?: number;
  waitlistLimit?: number;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Whether one can register. A page that stays open sees the opening by itself.
 *
 * @param has what its reader has there
 * @param isBrief beside what says it in full already
 */
export function StateChip(props: {
  of: ChipFacts;
  has?: "a seat" | "a place" | undefined;
  isBrief?: boolean;
}) {
  const { of, has, isBrief } = props;
  const { now } = useVisitorTime();
  const { opensAt, regDeadline } = of;
  const left = of.capacity - of.registrations;
  const hasOpened = of.state === "opens" && opensAt !== null && opensAt <= now;
  const state = hasOpened ? (left > 0 ? "open" : "full") : of.state;
  if (state === "draft") return <Chip tone="draft">Draft</Chip>;
  if (state === "cancelled") return <Chip tone="over">Cancelled</Chip>;
  const isPast = of.startDate && now.getTime() - of.startDate.getTime() > DAY_MS;
  if (state === "closed" && isPast) return <Chip tone="over">Past</Chip>;
  if (has === "a seat") return <Chip tone="in">You’re in</Chip>;
  if (has === "a place") return <Chip tone="wait">In line</Chip>;
  if (state === "opens" && opensAt) {
    return (
      <Chip tone="wait">
        {isBrief ? (
          "Not open yet"
        ) : (
          <span>
            Opens <RelativeTime value={opensAt} />
          </span>
        )}
      </Chip>
    );
  }
  if (state === "full") {
    const isRoomInLine = (of.waiting ?? 0) < (of.waitlistLimit ?? 0);
    return <Chip tone={isRoomInLine ? "wait" : "over"}>{isBrief ? "Full" : "Sold out"}</Chip>;
  }
  if (state === "closed") {
    return <Chip tone="over">{isBrief ? "Closed" : "Registration closed"}</Chip>;
  }
  if (isFew(left, of.capacity)) return <Chip tone="few">Few left</Chip>;
  if (regDeadline.getTime() - now.getTime() < DAY_MS) {
    return (
      <Chip tone="few">
        <span>
          Closes <RelativeTime value={regDeadline} />
        </span>
      </Chip>
    );
  }
  return <Chip tone="open">Open</Chip>;
}

/** The last tenth, at least three seats and at most twenty; a competition that nobody joined has many. */
function isFew(left: number, capacity: number): boolean {
  return left < capacity && left <= Math.min(20, Math.max(3, capacity / 10));
}
