import { CompetitionCards, type ListedSummary } from "./competition-card";

/** What comes next for the signed-in visitor, above everything else. */
export function YourNext({ competitions }: { competitions: ListedSummary[] }) {
  if (competitions.length === 0) return null;
  return (
    <section aria-labelledby="your-next" className="mt-2 mb-10">
      <h2 id="your-next" className="mb-3 text-xl font-semibold tracking-tight">
        Your next
      </h2>
      <CompetitionCards competitions={competitions} level={3} inSight={competitions.length} />
    </section>
  );
}
