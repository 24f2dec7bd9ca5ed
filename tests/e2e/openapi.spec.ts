import { expect, test } from "@playwright/test";
import { call } from "./support/api";

/** What docs/api.md lists, with the statuses that it names. */
const DOCUMENTED: Record<string, number[]> = {
  "post /api/auth/signup": [201, 400, 409],
  "post /api/auth/login": [200, 401, 429],
  "get /api/auth/me": [200, 401],
  "post /api/competitions": [201, 400, 401, 403],
  "get /api/competitions": [200],
  "get /api/competitions/{id}": [200, 404],
  "patch /api/competitions/{id}": [200, 400, 404, 409],
  "delete /api/competitions/{id}": [204, 404],
  "post /api/competitions/{id}/publish": [200, 400, 401, 403, 404, 409],
  "post /api/competitions/{id}/cancel": [200, 400, 401, 403, 404, 409],
  "post /api/competitions/{id}/clone": [201, 401, 403, 404],
  "post /api/competitions/{id}/register": [201, 400, 401, 403, 404, 409, 422, 429, 503],
  "delete /api/competitions/{id}/register": [204, 404],
  "get /api/competitions/{id}/registration": [200, 404],
  "post /api/competitions/{id}/promotions": [200, 400, 404, 409],
  "get /api/competitions/my-registrations": [200],
  "get /api/competitions/{id}/participants": [200, 404],
  "get /api/mailbox": [200],
  "get /api/openapi.json": [200],
};

interface Operation {
  operationId: string;
  responses: Record<string, { description?: string }>;
  parameters?: { name: string; in: string }[];
  security?: Record<string, unknown>[];
  requestBody?: { content: Record<string, unknown> };
}

interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

test("the OpenAPI document describes every documented call, with its answers", async () => {
  const { status, headers, body } = await call<Document>("/api/openapi.json");
  expect(status).toBe(200);
  expect(headers.get("content-type")).toContain("application/json");
  expect(body.openapi).toMatch(/^3\.1\.\d+$/);
  expect(body.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });

  const operations = new Map(
    Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation]),
    ),
  );
  expect([...operations.keys()].sort()).toEqual(Object.keys(DOCUMENTED).sort());
  for (const [name, statuses] of Object.entries(DOCUMENTED)) {
    const answers = Object.keys(operations.get(name)?.responses ?? {});
    expect(answers, name).toEqual(expect.arrayContaining(statuses.map(String)));
  }
  const register = operations.get("post /api/competitions/{id}/register");
  expect(register?.parameters?.map(({ name }) => name.toLowerCase())).toContain("idempotency-key");
  expect(register?.security).toEqual([{ bearer: [] }]);
  expect(body.components.securitySchemes).toHaveProperty("bearer");
});

test("the OpenAPI document holds together", async () => {
  const { body } = await call<Document>("/api/openapi.json");
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, name = ""] of references) expect(body.components.schemas).toHaveProperty(name);

  const ids: string[] = [];
  for (const [path, methods] of Object.entries(body.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      ids.push(operation.operationId);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(
        declared.map(({ name }) => name),
        `${method} ${path}`,
      ).toEqual(named);
      for (const response of Object.values(operation.responses)) {
        expect(response.description).toBeTruthy();
      }
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
});
