import type { IForbiddenRuleType } from "dependency-cruiser";

/** Subjects of the domain, lowest first: a subject may use those before it, by their door. */
const SUBJECTS = ["mail", "accounts", "registration", "competitions", "reminders"];

const WEB = "^app/web/index\\.server\\.ts$";
const API = "^app/api/index\\.server\\.ts$";
/** What the domain lets others see: each subject's door, its schemas, who may do what, and refusals. */
const DOMAIN = "^app/domain/(\\w+/(index\\.server|\\w+\\.schema)|access|error)\\.ts$";
const COMPONENTS = "^app/components/";
const PLATFORM = "^app/platform/";
/** Clocks of a zone, which pages and mails tell alike. */
const ZONED_TIME = "^app/platform/zoned-time\\.ts$";
const STYLES = "^app/tailwind\\.css$";
/** A subject's second door, for the domain: foreign keys and joins know no order of subjects. */
const TABLES = "^app/domain/\\w+/(tables|\\w+\\.sql)\\.ts$";

/**
 * Which file may import which. Imports go one way: pages → web → domain → platform, with the API
 * beside the pages and the worker beside the web. A room is entered by its door.
 *
 * @param pages the folders of `app/routes`
 */
export function importRules(pages: string[]): IForbiddenRuleType[] {
  return [
    only("platform", PLATFORM, [PLATFORM, "^app/domain/tables\\.ts$"]),
    only("components", COMPONENTS, [COMPONENTS, ZONED_TIME]),
    only("domain", "^app/domain/", ["^app/domain/", PLATFORM]),
    only("web", "^app/web/", ["^app/web/", COMPONENTS, DOMAIN, PLATFORM]),
    only("api", "^app/api/", ["^app/api/", WEB, DOMAIN, PLATFORM]),
    only("worker", "^worker/", ["^worker/", DOMAIN, PLATFORM]),
    only("frame", "^app/[^/]+$", [COMPONENTS, WEB, API, PLATFORM, STYLES]),
    only("pages", "^app/routes/", ["^app/routes/", COMPONENTS, WEB, API, DOMAIN, STYLES]),
    ...pages.map((page) => ({
      ...rule("pages-apart", "a page leaves other pages' folders alone"),
      from: { path: `^app/routes/${escaped(page)}/` },
      to: { path: `^app/routes/(?!${escaped(page)}/)` },
    })),
    {
      ...rule("pages-reach-the-domain-by-their-server", "what a browser loads ends at .server"),
      from: { path: "^app/routes/", pathNot: "(\\.server|/route)\\.ts$" },
      to: { path: "^app/domain/" },
    },
    {
      ...rule("api-is-mounted", "only the route api.$ and the entry know the API"),
      from: {
        path: "^app/",
        pathNot: ["^app/api/", "^app/routes/api\\.\\$/", "^app/entry\\.server"],
      },
      to: { path: "^app/api/" },
    },
    {
      ...rule("one-domain-a-process", "it is loaded by the Remix build, and must not be twice"),
      from: { path: "^app/web/(server|app)\\.ts$" },
      to: { path: ["/index\\.server\\.ts$", "^app/platform/(orm|redis)\\.ts$"], reachable: true },
    },
    {
      ...rule("subjects-by-their-door", "another subject is entered by its door"),
      from: { path: "^app/domain/(\\w+)/" },
      to: { path: "^app/domain/\\w+/", pathNot: ["^app/domain/$1/", DOMAIN, TABLES] },
    },
    {
      ...rule("tables-by-foreign-keys", "a table may name other subjects' tables, nothing else"),
      from: { path: "^app/domain/(\\w+)/(?:tables|\\w+\\.sql)\\.ts$" },
      to: { path: "^app/domain/\\w+/", pathNot: ["^app/domain/$1/", TABLES] },
    },
    ...SUBJECTS.map((subject, place) => ({
      ...rule("subjects-in-order", "a subject uses only those below it"),
      from: { path: `^app/domain/${subject}/` },
      to: {
        path: `^app/domain/(${["-", ...SUBJECTS.slice(place + 1)].join("|")})/`,
        pathNot: TABLES,
      },
    })),
    {
      ...rule("no-circles", "files that import each other in a circle cannot be read in order"),
      from: {},
      to: { circular: true },
    },
  ];
}

/** A room that imports, of our own files, nothing but these. */
function only(room: string, path: string, allowed: string[]): IForbiddenRuleType {
  return {
    ...rule(room, `${room} may import only ${allowed.join(", ")}`),
    from: { path },
    to: { path: "^(app|worker|bench|scripts|tests)/", pathNot: allowed },
  };
}

function rule(name: string, comment: string) {
  return { name, comment, severity: "error" as const };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
