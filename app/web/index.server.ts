export {
  findUser,
  flash,
  logInWithForm,
  logOut,
  requireRole,
  requireUser,
  safeRedirect,
  signUpWithForm,
  takeFlash,
} from "./auth";
export { browse } from "./browse";
export { clientAddress } from "./client-address";
export {
  editRefusal,
  parseCompetitionChanges,
  parseCompetitionForm,
  toCompetitionForm,
} from "./competition-form";
export { toSummary } from "./competition-summary";
export { entranceAnswer } from "./entrance-answer";
export { fieldErrors } from "./field-errors";
export { type FormValues, formAgain, formAgainFor, readFormValues } from "./form-values";
export { notFound } from "./not-found";
export { isOutage, OUTAGE_SECONDS } from "./outage";
export { requireOwnCompetition } from "./own-competition";
export { isApiPath } from "./plain-page";
export { limit } from "./rate-limits";
export { checkReadiness } from "./readiness";
export { requestIdOf } from "./request-id";
export { closeResources } from "./resources";
export { logInWithinLimits, signUpWithinLimits } from "./sign-in";
export { visitorTimeZone } from "./visitor-time-zone";
