export { browseCompetitions, listTags, upcomingCompetitions } from "./browse-competitions.server";
export type { CompetitionView } from "./competition-view.server";
export {
  type CompetitionChanges,
  type CompetitionInput,
  competitionChangesSchema,
  competitionFields,
  competitionSchema,
  splitTags,
} from "./competitions.schema";
export { createCompetition } from "./create-competition.server";
export { deleteCompetition } from "./delete-competition.server";
export { type EditOutcome, editCompetition } from "./edit-competition.server";
export { findCompetition, findOwnCompetition } from "./find-competition.server";
export { listCompetitions } from "./list-competitions.server";
