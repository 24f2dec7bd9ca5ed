/**
 * An error whose message we wrote, and which quotes nothing that anybody sent: logs, jobs and dead letters
 * may hold it. Of all other errors they hold only what `describeError` picks out.
 */
export class OwnError extends Error {
  override name = "OwnError";
  declare readonly isOurs: true;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // An own property, for two reasons: MikroORM's exceptions copy the properties of the error that they
    // wrap, and the server's entry has a second copy of this class, which `instanceof` would not know.
    Object.defineProperty(this, "isOurs", { value: true });
  }
}

/** Whether an error's message is ours, so that it may be logged. */
export function isOurs(error: Error): boolean {
  return "isOurs" in error && error.isOurs === true;
}
