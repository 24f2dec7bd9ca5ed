export { type CancelResult, cancelRegistration } from "./cancel";
export { composeConfirmation } from "./confirmation-mail";
export { forgetOldAnswers } from "./forget-answers";
export type { RegisterResult } from "./outcome";
export {
  findRegistration,
  listOwnRegistrations,
  listParticipants,
  type OwnRegistration,
  type Participant,
  type ParticipantOrder,
  registrationsOverTime,
} from "./queries";
export { type RegisterInput, register } from "./register";
export { registerAndWait } from "./register-and-wait";
export type { CompetitionColumns, RegistrationBody } from "./registration-body";
export {
  cancelSeat,
  confirmSeat,
  confirmSeats,
  countSeats,
  type Drift,
  findDrift,
  findKnownCompetitions,
  findLastingDrift,
  hasRedisGap,
  LOCK_NUMBER_SQL,
  lockCompetition,
  noteRedisGap,
  oweSync,
  releaseSeat,
  reserveSeat,
  sweepSeats,
  syncSeats,
} from "./seats";
export { addSeats, countSeatRows, removeSeats } from "./seats/rows";
