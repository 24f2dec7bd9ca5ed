export { cancelCompetition } from "./cancel";
export { composeChange } from "./change-mail";
export { forgetToldChanges, tellChanges } from "./change-notes";
export { cloneCompetition } from "./clone";
export { closeRegistration } from "./close";
export { COMPETITION_STATUSES, type CompetitionStatus } from "./columns.sql";
export {
  type CompetitionChanges,
  type CompetitionInput,
  cancelMessage,
  competitionChangesSchema,
  competitionSchema,
  splitTags,
  type UndatedDraft,
  undatedDraftSchema,
  writtenCompetition,
  writtenUndated,
} from "./competitions.schema";
export { findCoverImage, keepCoverImage } from "./cover-image";
export { createCompetition } from "./create";
export { deleteCompetition } from "./delete";
export { type CompetitionEdits, type EditOutcome, editCompetition } from "./edit";
export { RAISE_ALL_SEAT_EPOCHS_SQL } from "./epochs.sql";
export { findCompetition, findOwnCompetition, isDeleted } from "./find";
export {
  browseCompetitions,
  competitionsStarting,
  listCompetitions,
  listTags,
  upcomingCompetitions,
} from "./lists";
export { findNext, hasNext } from "./next";
export { browseOrganizer } from "./of-organizer";
export { browseOwnCompetitions } from "./own-list";
export { type PromoteOutcome, promoteFromLine } from "./promote";
export { publishCompetition } from "./publish";
export { purgeDeleted, removeSeatsOfDeleted } from "./retention";
export { findBySlug, slugOf } from "./slug";
export type { CompetitionView, ListedCompetition } from "./view";
export { isOver, WHEN, type When } from "./when";
