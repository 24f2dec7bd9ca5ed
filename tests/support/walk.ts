import { readdirSync } from "node:fs";
import { endpoints } from "~/api/respond";
import { roleFor } from "~/domain/access";
import { competitionInput } from "./api-client";

/** Who walks, what they carry, and what they walk over. */
export interface Walker {
  words: { name: string; email: string; password: string; key: string; search: string };
  tokens: { participant: string; organizer: string };
  /** `Cookie` headers; the last one's session is ended on the way. */
  cookies: { participant: string; organizer: string; leaving: string };
  /** Competitions: to register for, registered for, to delete by a call and by a page; and a mail. */
  ids: { open: string; held: string; doomed: string; erased: string; mail: string };
  /** What opens the participant's calendar. */
  calendar: string;
}

/** A request to the site, as `fetch` takes it. */
export type Step = [path: string, request: RequestInit];

/**
 * Every page and every call, with the walker's words wherever they fit, always in the same order.
 * The list comes from the folders of the pages and the table of the endpoints, so whatever is added
 * is walked too.
 *
 * @throws for an endpoint with a body that `BODIES` does not have
 */
export function everyStep(walker: Walker): Step[] {
  return [...endpoints.map((endpoint) => apiStep(endpoint, walker)), ...pageSteps(walker)];
}

type Body = (walker: Walker) => unknown;

/** What is sent to the endpoints that take a body. */
const BODIES: Record<string, Body> = {
  "POST /api/auth/signup": ({ words: { name, email, password } }) => {
    return { name, email: `api-${email}`, password, role: "PARTICIPANT" };
  },
  "POST /api/auth/login": ({ words: { email, password } }) => ({ email, password }),
  "POST /api/competitions": () => competitionInput(),
  "POST /api/competitions/:id/cancel": () => ({ message: "No snow." }),
  "PATCH /api/competitions/:id": () => ({
    title: "Another title",
    capacity: 20,
    location: "The town hall",
  }),
  "POST /api/competitions/:id/register": () => ({}),
  "POST /api/competitions/:id/promotions": () => ({ count: 1 }),
};

type Endpoint = (typeof endpoints)[number];

function apiStep({ method, path, access, query, headers, body }: Endpoint, walker: Walker): Step {
  const { words, tokens } = walker;
  const call = `${method} ${path}`;
  const json = BODIES[call]?.(walker);
  if (!body.safeParse(undefined).success && json === undefined) {
    throw new Error(`${call} takes a body: add one to BODIES`);
  }
  const token = isForOrganizers(access) ? tokens.organizer : tokens.participant;
  const search = query.safeParse({ q: words.search }).success ? `?q=${words.search}` : "";
  return [
    path.replace(":id", idFor(method, path, walker)) + search,
    {
      method,
      headers: {
        ...(access === "anyone" ? {} : { authorization: `Bearer ${token}` }),
        ...("idempotency-key" in headers.shape ? { "idempotency-key": words.key } : {}),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
      body: json === undefined ? null : JSON.stringify(json),
    },
  ];
}

function isForOrganizers(access: Endpoint["access"]): boolean {
  return access !== "anyone" && access !== "optional" && roleFor(access) === "ORGANIZER";
}

/** Each page is read as a document and as data, and its form is sent, by both roles. */
function pageSteps(walker: Walker): Step[] {
  const { words, cookies } = walker;
  // As long as the token of a mail's link is, so that it is looked for.
  const token = words.key.padEnd(43, "-");
  const query = `?q=${words.search}&token=${token}`;
  const form = {
    ...words,
    email: `page-${words.email}`,
    role: "PARTICIPANT",
    idempotencyKey: `${words.key}-page`,
    token,
    title: "A title",
    description: "About it",
    tags: "tests",
    capacity: "5",
    regDeadline: "2099-01-01T00:00",
    startDate: "2099-01-02T00:00",
  };
  return pagePaths().flatMap((path) => {
    const get = path.replace(":id", idFor("GET", path, walker)).replace(":secret", walker.calendar);
    const post = path
      .replace(":id", idFor("POST", path, walker))
      .replace(":secret", walker.calendar);
    const leaves = path === "/logout";
    return [cookies.participant, cookies.organizer].flatMap((cookie): Step[] => [
      [get + query, { headers: { cookie, accept: "text/html" } }],
      [`${get === "/" ? "/_root" : get}.data${query}`, { headers: { cookie } }],
      [
        `${post === "/" ? "/_root" : post}.data`,
        {
          method: "POST",
          headers: { cookie: leaves ? cookies.leaving : cookie },
          // A known address logs in; a new one signs up.
          body: new URLSearchParams(path === "/login" ? { ...form, email: words.email } : form),
        },
      ],
    ]);
  });
}

/** The addresses of the pages, by the names of their folders (Remix' flat routes). */
function pagePaths(folder = "app/routes"): string[] {
  return readdirSync(folder)
    .filter((name) => name !== "api.$" && name !== "$")
    .map((name) => {
      const escaped: string[] = [];
      const plain = name.replace(/\[(.*?)\]/g, (_, text: string) => `\0${escaped.push(text) - 1}`);
      const parts = plain.split(".").map((part) => part.replace(/_$/, "").replace(/^\$/, ":"));
      const path = parts.filter((part) => part !== "" && !part.startsWith("_")).join("/");
      return `/${path.replace(/\0(\d+)/g, (_, index) => escaped[Number(index)] ?? "")}`;
    });
}

function idFor(method: string, path: string, { ids }: Walker): string {
  if (path.startsWith("/mailbox")) return ids.mail;
  if (method === "DELETE" && path.endsWith("/register")) return ids.held;
  if (/\/(delete|cancel|close)$/.test(path)) return ids.erased;
  return method === "DELETE" ? ids.doomed : ids.open;
}
