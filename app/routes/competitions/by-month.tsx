import { monthOf } from "~/components/calendar";
import { CardGrid, CompetitionCard, type CompetitionSummary } from "~/components/competition-card";
import type { Scope } from "./when-links";

/** A list's cards; where they are sorted by their day, below the month that it is in by its own clocks. */
export function ByMonth(props: { competitions: CompetitionSummary[]; when: Scope }) {
  const { competitions, when } = props;
  if (when === "all") return <Cards competitions={competitions} level={3} isFirst />;
  const months: { name: string; competitions: CompetitionSummary[] }[] = [];
  for (const competition of competitions) {
    const name = monthOf(dayOf(competition, when), competition.timeZone);
    if (months.at(-1)?.name !== name) months.push({ name, competitions: [] });
    months.at(-1)?.competitions.push(competition);
  }
  return months.map(({ name, competitions }, index) => (
    <section key={`${name} ${competitions[0]?.id}`} className="mt-7 first:mt-0">
      <h3 className="mb-3 font-semibold text-ink-soft">
        {when === "soon" ? `Opening in ${name}` : name}
      </h3>
      <Cards competitions={competitions} level={4} isFirst={index === 0} />
    </section>
  ));
}

/** The day by which it is sorted; without a start, that is the last one to register. */
function dayOf({ startDate, regDeadline, opensAt }: CompetitionSummary, when: Scope): Date {
  if (when === "soon" && opensAt) return opensAt;
  if (when === "past" && startDate) return startDate;
  return startDate && startDate > regDeadline ? startDate : regDeadline;
}

function Cards(props: { competitions: CompetitionSummary[]; level: 3 | 4; isFirst: boolean }) {
  return (
    <CardGrid>
      {props.competitions.map((one, index) => (
        <li key={one.id}>
          <CompetitionCard
            competition={one}
            level={props.level}
            isFirst={props.isFirst && index < 3}
          />
        </li>
      ))}
    </CardGrid>
  );
}
