import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { call } from "./support/api";

/** A call as docs/api.md lists it. */
interface Documented {
  points: string;
  success: number;
  refusals: number[];
}

const ROW = /^\| `([A-Z]+) (\/api\/[^`?]+)[^|]*\|[^|]+\| ([^|]+) \| (\d{3})[^|]*\|([^|]*)\|$/gm;

/** The calls of docs/api.md, by method and path as OpenAPI writes them. */
const DOCUMENTED = new Map(
  [...readFileSync("docs/api.md", "utf8").matchAll(ROW)].map(
    ([, method = "", path = "", points = "", success, refusals = ""]): [string, Documented] => [
      `${method.toLowerCase()} ${path.replace(":id", "{id}")}`,
      {
        points,
        success: Number(success),
        refusals: (refusals.match(/\b[45]\d\d\b/g) ?? []).map(Number),
      },
    ],
  ),
);

/** What the document says once, of all calls. */
const OF_ALL = [400, 413, 415, 429, 503];

interface Operation {
  operationId: string;
  "x-cost": number | "registration";
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

test("docs/api.md and the OpenAPI document list the same calls, with their answers and costs", async () => {
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
  expect([...operations.keys()].sort()).toEqual([...DOCUMENTED.keys()].sort());
  for (const [name, operation] of operations) {
    const { points, success, refusals } = DOCUMENTED.get(name) ?? {};
    const answers = Object.keys(operation.responses).map(Number);
    expect(answers, name).toEqual(expect.arrayContaining([success, ...(refusals ?? [])]));
    const untold = answers.filter((each) => each !== success && !refusals?.includes(each));
    expect(OF_ALL, name).toEqual(expect.arrayContaining(untold));
    const cost = operation["x-cost"];
    expect(points, name).toBe(
      cost === "registration" ? "[own limits](#rate-limits)" : String(cost),
    );
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
