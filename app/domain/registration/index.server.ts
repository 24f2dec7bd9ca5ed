export { eventUrl, findEventFile, writeEvent, writeEventOff } from "./calendar/event";
export { writeOwnCalendar } from "./calendar/feed";
export {
  endCalendar,
  findCalendarOwner,
  findOwnCalendar,
  renewCalendarSecret,
} from "./calendar/secret";
export { type CancelResult, cancelRegistration } from "./cancel";
export { composeCancellation } from "./cancellation-mail";
export { composeConfirmation } from "./confirmation-mail";
export { composeDeletion } from "./deletion-mail";
export { findConfirmed, findRegistered, type ToldCompetition } from "./find-registered";
export { composeGivenBack } from "./given-back-mail";
export { isLineOpen } from "./line/is-open";
export { composeJoined, composeLineClosed, composePromoted } from "./line/line-mail";
export { type LinesMeasure, measureLines } from "./line/measure";
export { orderClosedLineMail } from "./line/order-line-mail";
export { countLine, listLine, type WaitingPerson } from "./line/people";
export { findPlaceInLine, placeInWords } from "./line/place";
export { type PromotedPerson, promote, promoteByHand } from "./line/promote";
export { seeToLineAfterChange } from "./line/see-to";
export { findOwnStanding } from "./line/standing";
export { lockCompetition } from "./lock";
export { register, registerAndWait } from "./measured";
export {
  countReminders,
  isHeardBetweenSql,
  orderCancellationMail,
  orderChangeMail,
  orderDeletionMail,
  orderReminders,
} from "./order-mail";
export type { Idempotency, Refusal, RegisterResult, Registrant, RegistrationBody } from "./outcome";
export { browseOwnRegistrations, type OwnSeat } from "./own-list";
export {
  countParticipants,
  listParticipants,
  PARTICIPANTS_AT_ONCE,
  type Participant,
  registrationsOverTime,
} from "./participants";
export {
  findHeldOf,
  findRegistration,
  listOwnRegistrations,
  OWN_AT_ONCE,
  type OwnRegistration,
} from "./queries";
export type { RegisterInput } from "./register";
export { forgetCancelled, removeFreeSeats, removeRegistrations } from "./retention";
export { countSeats, IS_IN_SQL, IS_ROOM_SQL, type SeatCount } from "./seats/count";
export { type Drift, findDrift, findLastingDrift } from "./seats/drift";
export { addSeats, countSeatRows, removeSeats, whileFewChangeSeats } from "./seats/rows";
export { findKnownCompetitions, type Swept, sweepSeats } from "./seats/sweep";
export { type SyncResult, syncAfterChange, syncSeats } from "./seats/sync";
export { forgetOldAnswers } from "./stored-answer";
export { inItsZone, placeInMail, whenAndWhere } from "./when-and-where";
