import * as z from "zod";
import type { UserView } from "~/domain/accounts/index.server";
import { isUuid } from "~/platform/ids";
import { fieldErrors } from "~/web/index.server";
import type { Answer } from "./answer";
import type { ApiRequest } from "./api-request";
import { type Access, admit, findCaller } from "./caller";
import { type Refusal, refuse, refuseFields } from "./problem";
import { readQuery } from "./query";
import { readJson } from "./read-json";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** What an endpoint says about itself, to the router and to OpenAPI. */
interface Description<Q, H, B> {
  method: Method;
  /** With `:id` for a competition's id. */
  path: `/api/${string}`;
  summary: string;
  query: z.ZodType<Q>;
  /** Keyed by header names in lower case; headers that are not named are not looked at. */
  headers: z.ZodObject & z.ZodType<H>;
  body: z.ZodType<B>;
  success: { status: Answer["status"]; description: string; schema?: z.ZodType };
  /** Statuses of refusals, beyond those that follow from the rest of the description. */
  refusals: number[];
}

/** A request's parts, each as its schema gave it. */
export interface Input<Q, H, B> {
  /** The path's `:id`, a UUID in lower case; empty where the path has none. */
  id: string;
  query: Q;
  headers: H;
  body: B;
  clientAddress: string | undefined;
}

type Outcome = Promise<Answer | Refusal>;

/** An endpoint as the router calls it: judged, parsed and handled in one go. */
export interface Endpoint extends Description<unknown, unknown, unknown> {
  access: Access;
  /** `gone`: the client left before its request was complete. */
  run: (request: ApiRequest, id: string) => Promise<Answer | Refusal | "gone">;
}

const noBody = z.undefined();

/** The schemas of an endpoint that takes no query, no headers and no body. */
export const takesNothing = {
  query: z.strictObject({}),
  headers: z.object({}),
  body: noBody,
};

/** An endpoint for signed-in users, or for those with one role. */
export function endpoint<Q, H, B>(
  definition: Description<Q, H, B> & {
    access: "any" | "participant" | "organizer";
    handle: (input: Input<Q, H, B> & { user: UserView }) => Outcome;
  },
): Endpoint {
  const { handle, ...description } = definition;
  return {
    ...description,
    async run(request, id) {
      const caller = await findCaller(request.header("authorization"));
      if (caller && "refusal" in caller) return caller.refusal;
      const admitted = admit(caller, description.access);
      if ("refusal" in admitted) return admitted.refusal;
      const parsed = await parse(description, request, id);
      return "input" in parsed ? handle({ ...parsed.input, user: admitted.user }) : parsed.instead;
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
  return {
    ...description,
    async run(request, id) {
      const authorization =
        description.access === "optional" ? request.header("authorization") : undefined;
      const caller = await findCaller(authorization);
      if (caller && "refusal" in caller) return caller.refusal;
      const parsed = await parse(description, request, id);
      return "input" in parsed ? handle({ ...parsed.input, caller }) : parsed.instead;
    },
  };
}

async function parse<Q, H, B>(
  description: Description<Q, H, B>,
  request: ApiRequest,
  id: string,
): Promise<{ input: Input<Q, H, B> } | { instead: Refusal | "gone" }> {
  if (id !== "" && !isUuid(id)) return { instead: refuse("not_found", "There is no such thing.") };

  const raw = readQuery(request.query);
  if ("errors" in raw) return { instead: refuseFields(raw.errors) };
  const query = description.query.safeParse(raw.values);
  if (!query.success) return { instead: refuseFields(fieldErrors(query.error)) };

  const headers = description.headers.safeParse(namedHeaders(description.headers, request));
  if (!headers.success) return { instead: refuseFields(fieldErrors(headers.error)) };

  const json = hasSchema(description.body) ? await readJson(request) : { value: undefined };
  if (json === "gone") return { instead: json };
  if ("refusal" in json) return { instead: json.refusal };
  const body = description.body.safeParse(json.value);
  if (!body.success) return { instead: refuseFields(fieldErrors(body.error)) };

  const { clientAddress } = request;
  return {
    input: {
      id: id.toLowerCase(),
      query: query.data,
      headers: headers.data,
      body: body.data,
      clientAddress,
    },
  };
}

/** Whether an endpoint takes a body at all. */
export function hasSchema(body: z.ZodType): boolean {
  return body !== noBody;
}

function namedHeaders({ shape }: z.ZodObject, { header }: ApiRequest): Record<string, unknown> {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, header(name)]));
}
