import { STATUS_CODES } from "node:http";
import * as z from "zod";
import { roleFor } from "~/domain/access";
import { POINTS } from "~/web/index.server";
import { type Endpoint, openEndpoint, takesBody, takesNothing } from "./endpoint";
import { namedShapes, problemShape } from "./shapes";

type Json = Record<string, unknown>;

/** The endpoint that describes these endpoints, and itself. */
export function openApiEndpoint(described: Endpoint[]): Endpoint {
  let json: string | undefined;
  const self: Endpoint = openEndpoint({
    ...takesNothing,
    method: "GET",
    path: "/api/openapi.json",
    access: "anyone",
    summary: "This description",
    cost: "glance",
    success: {
      status: 200,
      description: "An OpenAPI 3.1 document",
      schema: z.record(z.string(), z.unknown()),
    },
    refusals: [],
    async handle() {
      json ??= JSON.stringify(openApiDocument([...described, self]), null, 2);
      return { status: 200, json };
    },
  });
  return self;
}

/** Describes endpoints in OpenAPI 3.1, from the schemas that validate. */
function openApiDocument(endpoints: Endpoint[]): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace(":id", "{id}");
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Mini Compete",
      version: "1",
      description: [
        "Competitions, and registering for them.",
        "No cookies are read and no CORS headers are sent: this is for programs, with a token.",
        "Every refusal is a Problem (RFC 9457).",
      ].join("\n\n"),
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      schemas: components(),
    },
  };
}

const uri = (id: string) => `#/components/schemas/${id}`;

function components(): Json {
  const { schemas } = z.toJSONSchema(namedShapes, { uri });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...rest }]) => [name, rest]),
  );
}

function operation(endpoint: Endpoint): Json {
  const { method, path, summary, access, body } = endpoint;
  const isOpen = access === "anyone" || access === "optional";
  return {
    operationId: `${method.toLowerCase()}${path.replace("/api", "").replace(/\W+(\w)/g, (_, first) => first.toUpperCase())}`,
    summary,
    security: isOpen ? (access === "optional" ? [{}, { bearer: [] }] : []) : [{ bearer: [] }],
    ...(isOpen ? {} : { "x-role": roleFor(access)?.toLowerCase() ?? "any" }),
    "x-cost": endpoint.cost === "registration" ? endpoint.cost : POINTS[endpoint.cost],
    parameters: parameters(endpoint),
    ...(takesBody(endpoint) && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { "application/json": { schema: jsonSchema(body, "input") } },
      },
    }),
    responses: responses(endpoint),
  };
}

function parameters({ path, query, headers }: Endpoint): Json[] {
  const id = { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } };
  return [
    ...(path.includes(":id") ? [id] : []),
    ...fieldsOf(query).map((field) => ({ ...field, in: "query" })),
    ...fieldsOf(headers).map((field) => ({ ...field, in: "header" })),
  ];
}

function fieldsOf(schema: z.ZodType): Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    required: required.includes(name),
    schema: property,
  }));
}

function responses(endpoint: Endpoint): Json {
  const { status, description, schema } = endpoint.success;
  const answers: Json = {
    [status]: {
      description,
      ...(schema && { content: { "application/json": { schema: reference(schema) } } }),
    },
  };
  for (const refusal of refusalsOf(endpoint)) {
    answers[refusal] = {
      description: STATUS_CODES[refusal],
      content: { "application/problem+json": { schema: reference(problemShape) } },
    };
  }
  return answers;
}

/** What an endpoint names itself, and what follows from who may call it and what it takes. */
function refusalsOf(endpoint: Endpoint): number[] {
  const { access, cost, refusals } = endpoint;
  const all = new Set([400, 503, ...refusals]);
  if (cost !== "free") all.add(429);
  if (access !== "anyone") all.add(401);
  if (access !== "anyone" && access !== "optional" && roleFor(access)) all.add(403);
  if (takesBody(endpoint)) for (const status of [413, 415]) all.add(status);
  return [...all].sort();
}

function reference(schema: z.ZodType): Json {
  const name = namedShapes.get(schema)?.id;
  if (name) return { $ref: uri(name) };
  if (schema instanceof z.ZodArray && schema.element instanceof z.ZodType) {
    return { type: "array", items: reference(schema.element) };
  }
  return jsonSchema(schema, "output");
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
