export { browseCompetitions, listTags, upcomingCompetitions } from "./browse-competitions";
export type { CompetitionView } from "./competition-view";
export {
  type CompetitionChanges,
  type CompetitionInput,
  competitionChangesSchema,
  competitionFields,
  competitionSchema,
  splitTags,
} from "./competitions.schema";
export { createCompetition } from "./create-competition";
export { deleteCompetition } from "./delete-competition";
export { type EditOutcome, editCompetition } from "./edit-competition";
export { findCompetition, findOwnCompetition } from "./find-competition";
export { listCompetitions } from "./list-competitions";
