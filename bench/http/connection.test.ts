import { expect, test } from "vitest";
import { parseAnswer } from "./connection.ts";

test.each([
  ["a length", "HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\n", "hello"],
  ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"],
])("an answer with %s is whole when its last byte is there", (_how, head, body) => {
  for (let bytes = 0; bytes < body.length; bytes++) {
    expect(parseAnswer(head + body.slice(0, bytes))).toBeNull();
  }
  expect(parseAnswer(head.slice(0, 20))).toBeNull();
  expect(parseAnswer(head + body)).toEqual({ status: Number(head.slice(9, 12)), body });
});

test("an answer without a body is whole at once", () => {
  expect(parseAnswer("HTTP/1.1 204 No Content\r\n\r\n")).toEqual({ status: 204, body: "" });
});
