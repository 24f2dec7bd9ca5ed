import { monthOf } from "~/components/calendar";
import type { CompetitionSummary } from "~/components/competition-card";
import type { Scope } from "./when-links";

type Dated = Pick<
  CompetitionSummary,
  "opensAt" | "regDeadline" | "startDate" | "endsAt" | "timeZone"
>;

/** Competitions, in the order that they have, below the months of the days by which they are sorted. */
export function inMonths<Competition extends Dated>(
  competitions: Competition[],
  when: Exclude<Scope, "all">,
): { name: string; competitions: Competition[] }[] {
  const months: { name: string; competitions: Competition[] }[] = [];
  for (const competition of competitions) {
    const name = monthOf(dayOf(competition, when), competition.timeZone);
    if (months.at(-1)?.name !== name) months.push({ name, competitions: [] });
    months.at(-1)?.competitions.push(competition);
  }
  return months;
}

/** Without a start, that is the last one to register; of what is past, when it was over. */
function dayOf(
  { startDate, endsAt, regDeadline, opensAt }: Dated,
  when: Exclude<Scope, "all">,
): Date {
  if (when === "soon" && opensAt) return opensAt;
  if (when === "past" && startDate) return endsAt ?? startDate;
  return startDate && startDate > regDeadline ? startDate : regDeadline;
}
