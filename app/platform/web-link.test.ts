import { expect, test } from "vitest";
import { linkOf } from "./web-link";

test.each([
  ["https://meet.example/a?b=c", "https://meet.example/a?b=c"],
  ["HTTP://Meet.Example", "http://meet.example/"],
  ["Hall 3", null],
  ["https://meet.example, room 5", null],
  ["javascript:alert(1)", null],
  ["https://you@evil.example/", null],
  ["https://", null],
])("the place %j is the link %j", (place, link) => {
  expect(linkOf(place)).toBe(link);
});
