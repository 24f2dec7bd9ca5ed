const held = globalThis as typeof globalThis & { __singletons?: Map<string, unknown> };

/**
 * One value per process, however often its module is loaded: `remix dev` reloads modules on each
 * change, and one pool per reload would exhaust Postgres.
 */
export function singleton<T>(name: string, create: () => T): T {
  held.__singletons ??= new Map();
  if (!held.__singletons.has(name)) held.__singletons.set(name, create());
  return held.__singletons.get(name) as T;
}

/** The value if it was ever made: a shutdown must not open something only to close it. */
export function existing<T>(name: string): T | undefined {
  return held.__singletons?.get(name) as T | undefined;
}

/** Forgets a value, so that the next use makes a new one. */
export function forget(name: string): void {
  held.__singletons?.delete(name);
}
