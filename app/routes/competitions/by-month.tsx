import { CardGrid, CompetitionCard, type CompetitionSummary } from "~/components/competition-card";
import { inMonths } from "./months";
import type { Scope } from "./when-links";

/** A list's cards; where they are sorted by their day, below the month that it is in by its own clocks. */
export function ByMonth(props: { competitions: CompetitionSummary[]; when: Scope }) {
  const { competitions, when } = props;
  if (when === "all") return <Cards competitions={competitions} level={3} isFirst />;
  return inMonths(competitions, when).map(({ name, competitions }, index) => (
    <section key={`${name} ${competitions[0]?.id}`} className="mt-7 first:mt-0">
      <h3 className="mb-3 font-semibold text-ink-soft">
        {when === "soon" ? `Opening in ${name}` : name}
      </h3>
      <Cards competitions={competitions} level={4} isFirst={index === 0} />
    </section>
  ));
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
