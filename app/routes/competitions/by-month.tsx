import { CompetitionCards, type ListedSummary } from "~/components/competition-card";
import { inMonths } from "./months";
import type { Scope } from "./when-links";

/** A list's cards; where they are sorted by their day, below the month that it is in by its own clocks. */
export function ByMonth(props: { competitions: ListedSummary[]; when: Scope }) {
  const { competitions, when } = props;
  if (when === "all") return <CompetitionCards competitions={competitions} level={3} />;
  return inMonths(competitions, when).map(({ name, competitions }, index) => (
    <section key={`${name} ${competitions[0]?.id}`} className="mt-7 first:mt-0">
      <h3 className="mb-3 font-semibold text-ink-soft">
        {when === "soon" ? `Opening in ${name}` : name}
      </h3>
      <CompetitionCards competitions={competitions} level={4} inSight={index === 0 ? 3 : 0} />
    </section>
  ));
}
