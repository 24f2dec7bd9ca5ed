import { OwnError } from "./own-error.ts";

/** A setting that the process cannot start with; its message is one line that names the variable. */
export class BadEnvironment extends OwnError {
  override name = "BadEnvironment";
}
