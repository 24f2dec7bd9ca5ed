export { type CancelResult, cancelRegistration } from "./cancel-registration.server";
export { composeConfirmation } from "./confirmation-mail.server";
export { forgetOldAnswers } from "./forget-answers.server";
export {
  findRegistration,
  listOwnRegistrations,
  listParticipants,
  type OwnRegistration,
  type Participant,
  type ParticipantOrder,
  registrationsOverTime,
} from "./list-registrations.server";
export { type RegisterInput, register } from "./register.server";
export { registerAndWait } from "./register-and-wait.server";
export type { RegisterResult } from "./registration-attempt.server";
export type { CompetitionColumns, RegistrationBody } from "./registration-body.server";
