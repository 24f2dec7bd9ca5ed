export { Session, User } from "~/domain/entities/index.server";
export { logInSchema, roleSchema, signUpSchema } from "./accounts.schema";
export { logIn } from "./log-in.server";
export { closePasswordThreads, hashPassword } from "./passwords.server";
export { setRole } from "./roles.server";
export {
  endAllSessions,
  endSession,
  findSessionUser,
  SESSION_SECONDS,
  startSession,
  sweepSessions,
} from "./sessions.server";
export { signUp } from "./sign-up.server";
export { findTokenUser, issueAccessToken, USER_CACHE_SECONDS } from "./tokens.server";
export type { Role, UserView } from "./user-view.server";
