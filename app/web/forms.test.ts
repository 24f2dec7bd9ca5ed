import { expect, test } from "vitest";
import { DomainError } from "~/domain/error";
import { formAgain, formAgainFor, formWithPreview, readFormValues } from "./forms";

const post = (body: BodyInit, headers: HeadersInit = {}) =>
  new Request("http://localhost/", { method: "POST", body, headers });

test("if a field came twice the first counts, and a line break is one character", async () => {
  const body = new URLSearchParams([
    ["title", "first"],
    ["title", "second"],
    ["description", "one\r\ntwo"],
  ]);
  expect(await readFormValues(post(body))).toEqual({ title: "first", description: "one\ntwo" });
});

test.each([
  ["text", post("title=x", { "content-type": "text/plain" })],
  ["JSON", post("{}", { "content-type": "application/json" })],
  ["a torn multipart body", post("--x\r\n", { "content-type": "multipart/form-data; boundary=x" })],
])("%s is no form", async (_name, request) => {
  await expect(readFormValues(request)).rejects.toMatchObject({ status: 400 });
});

test("a file in a form is refused", async () => {
  const body = new FormData();
  body.set("title", new File(["x"], "x.txt"));
  await expect(readFormValues(post(body))).rejects.toMatchObject({ status: 400 });
});

test("the form comes back with everything but the password", () => {
  const again = formAgain({ values: { email: "a@b.example", password: "secret" }, errors: {} });
  expect(again.data.values).toEqual({ email: "a@b.example" });
});

test("a description that is too long gets an error, and no preview", () => {
  const asked = { intent: "preview", title: "Chess", description: "*a".repeat(5_001) };
  expect(formWithPreview(asked)?.data).toEqual({
    values: { title: "Chess", description: asked.description },
    errors: { description: "The description must have at most 10,000 characters." },
  });
  for (const description of ["*a*", `*a*${"🎉".repeat(9_997)}`]) {
    expect(formWithPreview({ ...asked, description })?.data.preview?.html).toContain("<em>");
  }
});

test("a refusal of the domain stands at its field", () => {
  const refusal = new DomainError("validation_failed", "Not valid", {
    fields: [{ field: "regDeadline", message: "The deadline must be in the future" }],
  });
  const again = formAgainFor(refusal, { title: "Chess" });
  expect(again.data).toEqual({
    values: { title: "Chess" },
    errors: { regDeadline: "The deadline must be in the future." },
  });
  expect(again.init?.status).toBe(400);
});

test("an outage keeps the form, and asks for patience", () => {
  const lost = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  const again = formAgainFor(lost, { title: "Chess" });
  expect(again.init).toMatchObject({ status: 503, headers: { "Retry-After": "3" } });
});

test("an error that is no refusal stays a bug", () => {
  expect(() => formAgainFor(new TypeError("bug"), {})).toThrow(TypeError);
});
