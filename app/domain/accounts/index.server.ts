export { forgetAccountTokens } from "./account-tokens";
export { logInSchema, roleSchema, signUpSchema } from "./accounts.schema";
export { keptAs } from "./email-address";
export { logIn } from "./log-in";
export { closePasswordThreads, hashPassword } from "./passwords";
export { setRole } from "./roles";
export {
  endSession,
  findSessionUser,
  SESSION_SECONDS,
  type SessionUser,
  startSession,
  sweepSessions,
} from "./sessions";
export { signUp } from "./sign-up";
export { Session, User } from "./tables";
export { findTokenUser, issueAccessToken } from "./tokens";
export { findOrganizer, type Role, type UserView } from "./users";
export { composeProof, composeVerification, sendVerificationAgain } from "./verification-mail";
export { lookAtLink, type Verification, verifyEmail, verifyEmailByCode } from "./verify-email";
