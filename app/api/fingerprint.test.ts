import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprintOf } from "./fingerprint";

test("a request keeps its fingerprint whatever the order of its fields", () => {
  const body = { a: 1, b: { c: [1, { d: 2, e: 3 }], f: null } };
  const again = { b: { f: null, c: [1, { e: 3, d: 2 }] }, a: 1 };
  expect(fingerprintOf("POST", body)).toBe(fingerprintOf("POST", again));
  expect(fingerprintOf("POST", body)).toMatch(/^[0-9a-f]{64}$/);
});

test("another request has another fingerprint", () => {
  fc.assert(
    fc.property(fc.object(), fc.object(), (one, other) => {
      const [a, b] = [one, other].map((body) => JSON.parse(JSON.stringify(body)));
      fc.pre(!fc.stringify(a).includes("__proto__") && !fc.stringify(b).includes("__proto__"));
      const isSame = fingerprintOf("POST", a) === fingerprintOf("POST", b);
      expect(isSame).toBe(sorted(a) === sorted(b));
    }),
  );
  expect(fingerprintOf("POST", {})).not.toBe(fingerprintOf("DELETE", {}));
});

const sorted = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(sorted)}]`
    : typeof value === "object" && value !== null
      ? `{${Object.entries(value)
          .map(([key, inner]) => `${JSON.stringify(key)}:${sorted(inner)}`)
          .sort()}}`
      : JSON.stringify(value);
