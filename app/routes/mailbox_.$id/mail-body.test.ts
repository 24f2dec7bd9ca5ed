import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { MailBody } from "./mail-body";

test("an old mail's own address is a link, and what strangers wrote into it is none", () => {
  const site = "https://compete.example";
  const text = `Hello https://evil.example/pay and ${site}.evil.example/,\n\nSee: ${site}/competitions/1\n`;
  const html = renderToStaticMarkup(createElement(MailBody, { text, site }));
  expect(html.match(/href="[^"]*"/g)).toEqual([`href="${site}/competitions/1"`]);
});
