export { logInSchema, roleSchema, signUpSchema } from "./accounts.schema";
export { logIn } from "./log-in";
export { closePasswordThreads, hashPassword } from "./passwords";
export { setRole } from "./roles";
export {
  endSession,
  findSessionUser,
  SESSION_SECONDS,
  startSession,
  sweepSessions,
} from "./sessions";
export { signUp } from "./sign-up";
export { Session, User } from "./tables";
export { findTokenUser, issueAccessToken } from "./tokens";
export type { Role, UserView } from "./users";
