const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether Postgres would take it as a uuid; anything else in a path is simply not found. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}
