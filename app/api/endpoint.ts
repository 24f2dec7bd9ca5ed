import * as z from "zod";
import { type Action, forbidden, isRoleFor } from "~/domain/access";
import { findTokenUser, type UserView } from "~/domain/accounts/index.server";
import { toUuid } from "~/platform/ids";
import { type Cost, fieldErrors, spend } from "~/web/index.server";
import type { Answer } from "./answer";
import { type Problem, refuse, refuseFields } from "./problem";
import { type ApiRequest, readJson, readQuery } from "./request";

/** What an endpoint says about itself, to the router and to OpenAPI. */
interface Description<Q, H, B> {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With `:id` for a competition's id. */
  path: `/api/${string}`;
  summary: string;
  /** What a call costs at most, paid before it is looked at any further. */
  cost: Cost;
  query: z.ZodType<Q>;
  /** Keyed by header names in lower case; headers that are not named are not looked at. */
  headers: z.ZodObject & z.ZodType<H>;
  body: z.ZodType<B>;
  success: { status: Answer["status"]; description: string; schema?: z.ZodType };
  /** Statuses of refusals, beyond those that follow from the rest of the description. */
  refusals: number[];
}

/** A request's parts, each as its schema gave it. */
interface Input<Q, H, B> {
  /** The path's `:id`, a UUID in lower case; empty where the path has none. */
  id: string;
  query: Q;
  headers: H;
  body: B;
  clientAddress: string | undefined;
  leaving: ApiRequest["leaving"];
  origin: ApiRequest["origin"];
}

type Outcome = Promise<Answer | Problem>;

/** An endpoint as the router calls it: the caller judged, the input parsed, the answer made. */
export interface Endpoint extends Description<unknown, unknown, unknown> {
  /** What the domain's rules are asked for (`domain/access.ts`), or that anybody may call. */
  access: Action | "anyone" | "optional";
  /** `gone`: the client left before its request was complete. */
  run: (request: ApiRequest, id: string) => Promise<Answer | Problem | "gone">;
}

const noBody = z.undefined();

/** The schemas of an endpoint that takes no query, no headers and no body. */
export const takesNothing = {
  query: z.strictObject({}),
  headers: z.object({}),
  body: noBody,
};

/** Whether an endpoint takes a body at all. */
export function takesBody({ body }: { body: z.ZodType }): boolean {
  return body !== noBody;
}

/** An endpoint for signed-in users whose role may do what it does. */
export function endpoint<Q, H, B>(
  definition: Description<Q, H, B> & {
    access: Action;
    handle: (input: Input<Q, H, B> & { user: UserView }) => Outcome;
  },
): Endpoint {
  const { handle, ...description } = definition;
  return {
    ...description,
    async run(request, id) {
      const user = admit(await findCaller(request.header("authorization")), description.access);
      if ("code" in user) return user;
      const input = await afford(description, request, id, user);
      return input === "gone" || "code" in input ? input : handle({ ...input, user });
    },
  };
}

/** An endpoint for everybody. With access `optional` it is told who calls, if they say so. */
export function openEndpoint<Q, H, B>(
  definition: Description<Q, H, B> & {
    access: "anyone" | "optional";
    handle: (input: Input<Q, H, B> & { caller: UserView | null }) => Outcome;
  },
): Endpoint {
  const { handle, ...description } = definition;
  const isOptional = description.access === "optional";
  return {
    ...description,
    async run(request, id) {
      const caller = isOptional ? await findCaller(request.header("authorization")) : null;
      if (caller && "code" in caller) return caller;
      const input = await afford(description, request, id, caller);
      return input === "gone" || "code" in input ? input : handle({ ...input, caller });
    },
  };
}

/** A token of ours has about 250 characters. */
const LONGEST_TOKEN = 2_000;

/** Who calls, by their bearer token (RFC 6750): nobody without one, a refusal with a bad one. */
export async function findCaller(
  authorization: string | undefined,
): Promise<UserView | null | Problem> {
  if (authorization === undefined) return null;
  const token = /^Bearer +([\w.-]+) *$/i.exec(authorization)?.[1];
  const user = token && token.length <= LONGEST_TOKEN ? await findTokenUser(token) : null;
  return user ?? unauthorized('Bearer realm="api", error="invalid_token"');
}

/** Lets in whom an endpoint is for; a refusal of `findCaller` stays one. */
export function admit(caller: UserView | null | Problem, action: Action): UserView | Problem {
  if (!caller) return unauthorized('Bearer realm="api"');
  if ("code" in caller || isRoleFor({ actor: caller, action })) return caller;
  return refuse("forbidden", forbidden(action).message);
}

function unauthorized(challenge: string): Problem {
  const detail = "Log in, and send the access token as Authorization: Bearer.";
  return { ...refuse("unauthorized", detail), headers: { "www-authenticate": challenge } };
}

/** Takes the call's cost from the budgets of who calls, then parses it. */
async function afford<Q, H, B>(
  description: Description<Q, H, B>,
  request: ApiRequest,
  id: string,
  caller: UserView | null,
): Promise<Input<Q, H, B> | Problem | "gone"> {
  request.noteUser(caller?.id);
  const payer = { address: request.clientAddress, account: caller?.id };
  const spent = await spend(description.cost, payer);
  if (spent.status === "allowed") return parse(description, request, id);
  return refuse("rate_limited", "Too many requests. Try again later.", spent);
}

async function parse<Q, H, B>(
  description: Description<Q, H, B>,
  request: ApiRequest,
  id: string,
): Promise<Input<Q, H, B> | Problem | "gone"> {
  const uuid = id === "" ? id : toUuid(id);
  if (uuid === null) return refuse("not_found", "Nothing here has this id.");

  const raw = readQuery(request.query);
  if ("errors" in raw) return refuseFields(raw.errors);
  const query = description.query.safeParse(raw.values);
  if (!query.success) return refuseFields(fieldErrors(query.error));

  const names = Object.keys(description.headers.shape);
  const named = Object.fromEntries(names.map((name) => [name, request.header(name)]));
  const headers = description.headers.safeParse(named);
  if (!headers.success) return refuseFields(fieldErrors(headers.error));

  const json = takesBody(description) ? await readJson(request) : { value: undefined };
  if (json === "gone") return json;
  if ("problem" in json) return json.problem;
  const body = description.body.safeParse(json.value);
  if (!body.success) return refuseFields(fieldErrors(body.error));

  return {
    id: uuid,
    query: query.data,
    headers: headers.data,
    body: body.data,
    clientAddress: request.clientAddress,
    leaving: request.leaving,
    origin: request.origin,
  };
}
