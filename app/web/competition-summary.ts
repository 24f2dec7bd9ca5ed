import type { CompetitionSummary } from "~/components/competition-card";
import type { CompetitionView } from "~/domain/competitions/index.server";

/** What a list shows of a competition: nothing else may reach the browser, least of all addresses. */
export function toSummary(competition: CompetitionView): CompetitionSummary {
  const { id, title, tags, capacity, registrations, regDeadline, startDate, state } = competition;
  const organizerName = competition.organizer.name;
  return { id, title, tags, capacity, registrations, regDeadline, startDate, state, organizerName };
}
