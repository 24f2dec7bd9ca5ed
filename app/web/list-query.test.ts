import { expect, test } from "vitest";
import { readListQuery } from "./list-query";

const read = (query: string) => readListQuery(new Request(`http://site/mailbox?${query}`), "mail");

test.each([
  ["", { by: "sent", descending: true }],
  ["sort=sent", { by: "sent", descending: false }],
  ["sort=-sent", { by: "sent", descending: true }],
  ["sort=subject", { by: "subject", descending: false }],
  ["sort=-subject", { by: "subject", descending: true }],
  ["sort=body", { by: "sent", descending: true }],
  ["sort=--subject", { by: "sent", descending: true }],
])("?%s is sorted by %j", (query, sort) => {
  expect(read(query).sort).toEqual(sort);
});

test.each([
  ["q=+chess+&page=2&after=x", { q: "chess", page: 2, after: "x" }],
  ["q=chess&q=go&page=2&page=3", { q: "chess", page: 2 }],
  ["page=0", { page: 1 }],
  ["page=1.5", { page: 1 }],
  ["page=two", { page: 1 }],
  ["page=1000001", { page: 1 }],
  [`q=${"x".repeat(200)}&after=${"x".repeat(100)}`, { q: "x".repeat(200), after: "x".repeat(100) }],
  [`q=${"x".repeat(201)}&after=${"x".repeat(101)}`, { q: "", after: "" }],
])("what makes no sense in ?%s counts as not given", (query, expected) => {
  expect(read(query)).toMatchObject(expected);
});
