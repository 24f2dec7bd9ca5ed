import type { Endpoint } from "./endpoint";

/** A path that exists: what it answers to, and which id stands in it. */
export interface Route {
  /** By method; HEAD is answered as GET. */
  endpoints: ReadonlyMap<string, Endpoint>;
  /** For the `Allow` header. */
  allow: string;
  id: string;
}

/** Prepares the finding of endpoints by path. A path that is named wins over one with an `:id`. */
export function createRouter(endpoints: Endpoint[]): (path: string) => Route | null {
  const named = new Map<string, Omit<Route, "id">>();
  const patterns: { pattern: RegExp; route: Omit<Route, "id"> }[] = [];

  for (const path of new Set(endpoints.map((endpoint) => endpoint.path))) {
    const here = endpoints.filter((endpoint) => endpoint.path === path);
    const methods = here.map(({ method }) => method);
    const readable = methods.includes("GET") ? ["GET", "HEAD"] : [];
    const allow = [...new Set([...readable, ...methods, "OPTIONS"])].join(", ");
    const route = { allow, endpoints: new Map(here.map((one) => [one.method, one])) };
    if (path.includes(":id")) {
      patterns.push({ pattern: new RegExp(`^${path.replace(":id", "([^/]+)")}$`), route });
    } else {
      named.set(path, route);
    }
  }

  return (path) => {
    const exact = named.get(path);
    if (exact) return { ...exact, id: "" };
    for (const { pattern, route } of patterns) {
      const id = pattern.exec(path)?.[1];
      if (id !== undefined) return { ...route, id };
    }
    return null;
  };
}
