export { publicUrl } from "~/platform/env";
export { markdownToHtml } from "~/platform/markdown";
export { timeZones } from "~/platform/zoned-time";
export { type BodyRead, readBody } from "./body";
export { spend, spendOnPage } from "./budget";
export {
  hasDeadline,
  parseCompetitionChanges,
  parseCompetitionForm,
  toCompetitionForm,
} from "./competition-form";
export {
  browse,
  markHeld,
  requireOwnCompetition,
  showNext,
  toSummary,
  whereIs,
} from "./competitions";
export { type Cost, POINTS } from "./costs";
export { tellCoverImage } from "./cover-image";
export { findTyped, keepingTyped, savedHeaders } from "./drafts";
export { editRefusal } from "./edit-refusal";
export { enteredAddress, entranceAnswer, logInWithForm, signUpWithForm } from "./entrance";
export { exactTagOf, isKnownTag } from "./etag";
export {
  errorsOf,
  type FormValues,
  fieldErrors,
  formAgain,
  formAgainFor,
  formWithPreview,
  readFormValues,
} from "./forms";
export { giveBackWithinLimits } from "./giving-back";
export { forgetSeats } from "./kept-seats";
export { readListQuery, readSearch } from "./list-query";
export { beforeOpening, notePageEnds, type SeatState, seatStateOf } from "./opening";
export {
  gone,
  isOutage,
  knownTimeZone,
  notFound,
  OUTAGE_SECONDS,
  safeRedirect,
  visitorTimeZone,
} from "./pages";
export { nextPlaceMs } from "./poll-pace";
export { findPressed, keepingPress } from "./press";
export { pageByPage, printedList } from "./printed-list";
export { PUBLISHED, publishWithForm } from "./publish";
export { limit } from "./rate-limits";
export { type ProblemDetails, problemJson } from "./refusals";
export { cancelWithForm, leaveLineWithForm, registerWithForm } from "./registration-form";
export {
  clientAddress,
  headerOf,
  type IncomingRequest,
  leavingSignal,
  type OutgoingResponse,
  requestOrigin,
} from "./request";
export { nameRoute } from "./request-metrics";
export { checkReadiness, closeResources } from "./resources";
export { askSeats, tellSeats } from "./seats";
export { findUser, flash, logOut, requireActor, requireUser, takeFlash } from "./sessions";
export { justPublished, shareOf } from "./share";
export { noteSecret, takeSecret } from "./shown-once";
export { logInWithinLimits, signUpWithinLimits, type TooMany } from "./sign-in";
export type { StandIn, Visitor } from "./stand-in";
export { typedNumber } from "./typed";
export { countUnavailable, outageReason, type Reason } from "./unavailable";
export { sendAgainWithForm } from "./verification";
export { findVisitor } from "./visitor";
