/** Subjects of the domain, lowest first: a subject may use those before it, by their door. */
const SUBJECTS = ["accounts", "mail", "registration", "competitions", "reminders"];

/** Files of the app that put the others together, and so may import anything. */
const ENTRIES = /^app\/(root|entry\.\w+)\.tsx?$/;

/**
 * Why a file may not import another, or null when it may. Imports go one way:
 * routes → web, components, doors; api → web, doors, platform; web → components, doors, platform; worker → doors, platform;
 * domain → platform and the doors of lower subjects; platform → platform.
 */
export function forbidden(from: string, to: string): string | null {
  const source = placeOf(from);
  const target = placeOf(to);
  if (source === "entry" || target === "other") return null;
  if (source === "domain") return forbiddenInDomain(from, to);
  if (target === "domain" && source !== "platform" && !isDoor(to)) {
    return `${source} enters the domain by a door (index.server) or a schema only`;
  }
  if (source === "platform" && target === "domain") {
    if (to === "app/domain/tables.ts") return null;
    return "platform knows nothing of the business, the list of tables excepted";
  }
  if (!ALLOWED[source].includes(target)) return `${source} may not import ${target}`;
  return null;
}

type Place =
  | "entry"
  | "routes"
  | "components"
  | "web"
  | "api"
  | "domain"
  | "platform"
  | "worker"
  | "other";

const ALLOWED: Record<Place, Place[]> = {
  entry: [],
  routes: ["routes", "web", "api", "components", "domain"],
  components: ["components"],
  // web shapes answers into what components show; components never know of web.
  web: ["web", "components", "domain", "platform"],
  api: ["api", "web", "domain", "platform"],
  domain: ["domain", "platform"],
  platform: ["platform"],
  worker: ["worker", "domain", "platform"],
  other: ["routes", "components", "web", "api", "domain", "platform", "worker", "other"],
};

function placeOf(file: string): Place {
  if (ENTRIES.test(file)) return "entry";
  const [, top] = /^app\/(\w+)\//.exec(file) ?? [];
  switch (top) {
    case "routes":
    case "components":
    case "web":
    case "api":
    case "domain":
    case "platform":
      return top;
    default:
      return file.startsWith("worker/") ? "worker" : "other";
  }
}

function isDoor(file: string): boolean {
  return (
    /^app\/domain\/\w+\/index\.server\.ts$/.test(file) ||
    /\.schema\.ts$/.test(file) ||
    file === "app/domain/error.ts"
  );
}

function forbiddenInDomain(from: string, to: string): string | null {
  const target = placeOf(to);
  if (target === "platform") return null;
  if (target !== "domain") return "the domain knows nothing of HTTP, pages or processes";
  const [, subject] = /^app\/domain\/(\w+)\//.exec(from) ?? [];
  const [, used] = /^app\/domain\/(\w+)\//.exec(to) ?? [];
  if (!used || used === subject) return null;
  // A subject's tables are its second door: foreign keys and joins lead to them from below too.
  if (to.endsWith("/tables.ts")) return null;
  if (!isDoor(to)) return "another subject is entered by its door";
  if (subject && SUBJECTS.indexOf(used) < SUBJECTS.indexOf(subject)) return null;
  return `${subject} stands below ${used}`;
}
