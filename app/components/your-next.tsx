import { CardGrid, CompetitionCard, type CompetitionSummary } from "./competition-card";

/** With what somebody has there, where they take part; who holds it has nothing. */
export interface NextCompetition extends CompetitionSummary {
  has?: "a seat" | "a place" | undefined;
}

/** What comes next for who is signed in, before everything else. */
export function YourNext({ competitions }: { competitions: NextCompetition[] }) {
  if (competitions.length === 0) return null;
  return (
    <section aria-labelledby="your-next" className="mt-2 mb-10">
      <h2 id="your-next" className="mb-3 text-xl font-semibold tracking-tight">
        Your next
      </h2>
      <CardGrid>
        {competitions.map((one) => (
          <li key={one.id}>
            <CompetitionCard competition={one} level={3} has={one.has} isFirst />
          </li>
        ))}
      </CardGrid>
    </section>
  );
}
