import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { MailBody } from "./mail-body";

test("our own address in an old mail is a link, and what strangers wrote into it is not", () => {
  const site = "https://compete.example";
  const text = `Hello https://evil.example/pay and ${site}.evil.example/,\n\nSee: ${site}/competitions/1\n`;
  const html = renderToStaticMarkup(createElement(MailBody, { text, site }));
  expect(html.match(/href="[^"]*"/g)).toEqual([`href="${site}/competitions/1"`]);
});

test("a mail's event is linked by its name, so that the page's address appears only once", () => {
  const site = "https://compete.example";
  const text = `Add to calendar: ${site}/competitions/1/event.ics\n`;
  const html = renderToStaticMarkup(createElement(MailBody, { text, site }));
  expect(html).toMatch(/href="[^"]*\/1\/event\.ics"[^>]*>event\.ics<\/a>/);
});
