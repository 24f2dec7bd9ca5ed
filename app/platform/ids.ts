const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_IN_PATH =
  /(?<=\/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=[/.?]|$)/gi;

/**
 * Whether it is a UUID as we write it: in lower case. Anything else in a path is simply not found.
 *
 * Postgres takes upper case for the same id; locks and the keys of Redis, which are named after ids,
 * do not. So another spelling ends here, and the edge rewrites it first.
 */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** A UUID that somebody wrote, as we write it; null when it is none. */
export function toUuid(value: string): string | null {
  const uuid = value.toLowerCase();
  return isUuid(uuid) ? uuid : null;
}

/** The first id in a path, as we write it; empty where there is none. */
export function idIn(path: string): string {
  return path.match(UUID_IN_PATH)?.[0].toLowerCase() ?? "";
}

/** A path and its query, with the ids of the path as we write them. */
export function withCanonicalIds(pathAndQuery: string): string {
  const [path = "", ...query] = pathAndQuery.split("?");
  return [path.replace(UUID_IN_PATH, (id) => id.toLowerCase()), ...query].join("?");
}
