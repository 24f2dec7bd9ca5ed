import { CardGrid, CompetitionCard, type CompetitionSummary } from "./competition-card";

/**
 * What comes next for who is signed in, before everything else.
 *
 * @param props.areSeats whether they take part; else they hold it
 */
export function YourNext(props: { competitions: CompetitionSummary[]; areSeats: boolean }) {
  const { competitions, areSeats } = props;
  if (competitions.length === 0) return null;
  return (
    <section aria-labelledby="your-next" className="mt-2 mb-10">
      <h2 id="your-next" className="mb-3 text-xl font-semibold tracking-tight">
        Your next
      </h2>
      <CardGrid>
        {competitions.map((one) => (
          <li key={one.id}>
            <CompetitionCard competition={one} level={3} isIn={areSeats} isFirst />
          </li>
        ))}
      </CardGrid>
    </section>
  );
}
