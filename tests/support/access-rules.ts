import { randomUUID } from "node:crypto";
import { competitionInput } from "./api-client";

/** Who a route or an endpoint is for. */
export type Audience =
  | "anybody"
  /** Only visitors who are not signed in; others are redirected. */
  | "guests"
  | "everybody signed in"
  | "participants"
  | "organizers"
  | "its organizer"
  | "its participants"
  | "its addressee";

/** A status; a redirect to the login page; any other redirect. */
export type Outcome = number | "login" | "redirect";

/** What one method of a route or endpoint answers, and to whom. */
export interface Rule {
  /** As in the route table. */
  route: string;
  audience: Audience;
  /** What its audience gets as an answer. */
  ok: Outcome;
  form?: Record<string, string>;
  json?: Record<string, unknown>;
  /** Where somebody of the audience gets something else. */
  except?: Record<string, Outcome>;
  /** Its audience removes something that other rules need, so it gets people of its own. */
  isUsedUp?: true;
  /** What its audience gets of a competition that was deleted, unless that is 404. */
  deleted?: Outcome;
}

const competitionForm = {
  title: "Mine now",
  description: "About it",
  tags: "",
  capacity: "9",
  regDeadline: "2999-01-01T00:00",
  startDate: "",
  timeZone: "UTC",
};

/** An endpoint that reads a token where there is one refuses a bad one. */
const BAD_TOKEN = { "somebody who is gone": 401 };

/** Every route with each of its methods, and every endpoint of the API. */
export const ACCESS_RULES: Rule[] = [
  // First: others give a seat to who has none.
  { route: "GET /api/competitions/:id/registration", audience: "its participants", ok: 200 },
  // Pages.
  { route: "GET /", audience: "anybody", ok: 200 },
  { route: "GET /login", audience: "guests", ok: 200 },
  { route: "POST /login", audience: "anybody", ok: 400, form: {} },
  { route: "GET /signup", audience: "guests", ok: 200 },
  { route: "POST /signup", audience: "anybody", ok: 400, form: {} },
  { route: "GET /verify-email", audience: "anybody", ok: 200 },
  { route: "POST /verify-email", audience: "anybody", ok: 400, form: { token: "a guess" } },
  {
    route: "POST /verify-email",
    audience: "everybody signed in",
    ok: "redirect",
    form: { intent: "again" },
  },
  { route: "GET /logout", audience: "anybody", ok: "redirect" },
  { route: "POST /logout", audience: "anybody", ok: "redirect", form: {}, isUsedUp: true },
  { route: "GET /competitions", audience: "anybody", ok: 200 },
  { route: "GET /competitions/:id", audience: "anybody", ok: 200, deleted: 410 },
  {
    route: "POST /competitions/:id",
    audience: "participants",
    ok: "redirect",
    form: { intent: "register", idempotencyKey: randomUUID() },
  },
  {
    route: "POST /competitions/:id",
    audience: "participants",
    ok: "redirect",
    form: { intent: "cancel" },
    isUsedUp: true,
    deleted: "redirect",
  },
  {
    route: "POST /competitions/:id",
    audience: "participants",
    ok: "redirect",
    form: { intent: "leave" },
    deleted: "redirect",
  },
  { route: "GET /competitions/:id/seats", audience: "anybody", ok: 200 },
  { route: "GET /competitions/:id/place", audience: "participants", ok: 200, deleted: 200 },
  { route: "GET /competitions/:id/event.ics", audience: "anybody", ok: 200 },
  // Here with what is no organizer's id, and no slug: tests/integration/kept-pages.test.ts has those.
  { route: "GET /organizers/:id", audience: "anybody", ok: 404 },
  { route: "GET /c/:slug", audience: "anybody", ok: 404 },
  { route: "GET /covers/:id.png", audience: "anybody", ok: 200, deleted: 404 },
  { route: "GET /competitions/new", audience: "organizers", ok: 200 },
  {
    route: "POST /competitions/new",
    audience: "organizers",
    ok: "redirect",
    form: competitionForm,
  },
  { route: "GET /competitions/:id/edit", audience: "its organizer", ok: 200 },
  {
    route: "POST /competitions/:id/edit",
    audience: "its organizer",
    ok: "redirect",
    form: competitionForm,
  },
  ...["publish", "clone", "close"].flatMap((name): Rule[] => [
    {
      route: `GET /competitions/:id/${name}`,
      audience: "anybody",
      ok: "redirect",
      deleted: "redirect",
    },
    {
      route: `POST /competitions/:id/${name}`,
      audience: "its organizer",
      ok: "redirect",
      form: {},
      isUsedUp: true,
    },
  ]),
  ...["cancel", "delete"].flatMap((name): Rule[] => [
    { route: `GET /competitions/:id/${name}`, audience: "its organizer", ok: 200 },
    {
      route: `POST /competitions/:id/${name}`,
      audience: "its organizer",
      ok: "redirect",
      form: { confirmed: "yes" },
      isUsedUp: true,
    },
  ]),
  { route: "GET /competitions/:id/participants", audience: "its organizer", ok: 200 },
  // While registration is open nobody is promoted by hand.
  {
    route: "POST /competitions/:id/participants",
    audience: "its organizer",
    ok: 409,
    form: { count: "1" },
  },
  { route: "GET /competitions/:id/participants.csv", audience: "its organizer", ok: 200 },
  { route: "GET /competitions/:id/participants/print", audience: "its organizer", ok: 200 },
  { route: "GET /my-competitions", audience: "organizers", ok: 200 },
  { route: "GET /my-competitions/print", audience: "organizers", ok: 200 },
  { route: "GET /my-registrations", audience: "participants", ok: 200 },
  { route: "GET /my-registrations/calendar", audience: "participants", ok: 200 },
  { route: "POST /my-registrations/calendar", audience: "participants", ok: "redirect", form: {} },
  // Cookies open nothing there, and the rule's path holds no secret.
  { route: "GET /calendar/:secret.ics", audience: "anybody", ok: 404 },
  { route: "GET /my-registrations/print", audience: "participants", ok: 200 },
  { route: "GET /mailbox", audience: "everybody signed in", ok: 200 },
  { route: "GET /mailbox/print", audience: "everybody signed in", ok: 200 },
  { route: "GET /mailbox/:id", audience: "its addressee", ok: 200 },
  // Any other address, and what only a server without our Express entry answers.
  { route: "GET /*", audience: "anybody", ok: 404 },
  { route: "POST /*", audience: "anybody", ok: 404, form: {} },
  { route: "GET /api/*", audience: "anybody", ok: 404 },
  { route: "POST /api/*", audience: "anybody", ok: 404 },
  // Express.
  { route: "GET /healthz", audience: "anybody", ok: 200 },
  { route: "GET /readyz", audience: "anybody", ok: 200 },
  { route: "GET /covers/:id.svg", audience: "anybody", ok: 200, deleted: 200 },
  // The API.
  { route: "POST /api/auth/signup", audience: "anybody", ok: 400, json: {} },
  { route: "POST /api/auth/login", audience: "anybody", ok: 400, json: {} },
  { route: "GET /api/auth/me", audience: "everybody signed in", ok: 200 },
  { route: "GET /api/competitions", audience: "anybody", ok: 200, except: BAD_TOKEN },
  {
    route: "POST /api/competitions",
    audience: "organizers",
    ok: 201,
    json: competitionInput(),
  },
  { route: "GET /api/competitions/:id", audience: "anybody", ok: 200, except: BAD_TOKEN },
  {
    route: "PATCH /api/competitions/:id",
    audience: "its organizer",
    ok: 200,
    json: { title: "Mine now", capacity: 9 },
  },
  { route: "POST /api/competitions/:id/publish", audience: "its organizer", ok: 200 },
  { route: "POST /api/competitions/:id/clone", audience: "its organizer", ok: 201 },
  {
    route: "POST /api/competitions/:id/cancel",
    audience: "its organizer",
    ok: 200,
    json: {},
    isUsedUp: true,
  },
  {
    route: "DELETE /api/competitions/:id",
    audience: "its organizer",
    ok: 204,
    isUsedUp: true,
  },
  {
    route: "POST /api/competitions/:id/register",
    audience: "participants",
    ok: 201,
    json: {},
    isUsedUp: true,
    except: { "a participant with a seat": 409 },
  },
  {
    route: "POST /api/competitions/:id/promotions",
    audience: "its organizer",
    // They may, but registration is open.
    ok: 409,
    json: { count: 1 },
  },
  {
    route: "DELETE /api/competitions/:id/register",
    audience: "its participants",
    ok: 204,
    isUsedUp: true,
  },
  { route: "GET /api/competitions/my-registrations", audience: "participants", ok: 200 },
  { route: "GET /api/competitions/:id/participants", audience: "its organizer", ok: 200 },
  { route: "GET /api/mailbox", audience: "everybody signed in", ok: 200 },
  { route: "GET /api/openapi.json", audience: "anybody", ok: 200 },
];
