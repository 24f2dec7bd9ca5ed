const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a string from a path or a payload may be asked of a uuid column at all. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}
