import { expect, test } from "vitest";
import type { MailContent } from "./plain";
import { renderMail } from "./render";
import { mailTemplate } from "./template";

type Own = { name: string; seat: string | null };

/** How often it was said what a mail says. */
let said = 0;

function say({ title }: { title: string }, { name, seat }: Own): MailContent {
  said++;
  return {
    subject: `Yours: ${title}`,
    heading: title,
    paragraphs: [`Hello ${name},`, `${seat === null ? "A place" : `Seat ${seat}`} at ${title}.`],
    details: [
      ["Competition", title],
      ...(seat === null ? [] : [["Your seat", seat] as [string, string]]),
    ],
    action: { label: "See it", url: "https://compete.example/1" },
    calendar: `An event: ${title}`,
  };
}

test.each<[title: string, own: Own]>([
  ["Robots & <Rust>", { name: "Zoë O'Hara <b>", seat: "17" }],
  ["ASP.NET: a day", { name: "St. John", seat: null }],
  ["at evil.com", { name: "a\r\nb\u202Ec", seat: "1" }],
  ["seat name", { name: "$& $1 \\", seat: "100000" }],
])("a mail about %j is the one that is rendered for its reader alone", (title, own) => {
  const template = mailTemplate(say);
  const event = { title };
  template(event, { name: "Somebody else", seat: own.seat && "9" });
  expect(template(event, own)).toEqual(renderMail(say(event, own)));
});

test("a title that grows when its link is removed leaves room for the reader's own texts", () => {
  const template = mailTemplate(say);
  const { text, html } = template({ title: "\uFDFA evil.com" }, { name: "evil.org", seat: "7" });
  expect(text).toContain("Hello […],\n\nSeat 7 at ");
  expect(`${text}${html}`).not.toContain("evil");
});

test("the shared part is rendered once, and once more for readers who are told less", () => {
  const template = mailTemplate(say);
  const event = { title: "Chess" };
  said = 0;
  const seats = ["1", null, "3", null];
  const texts = seats.map((seat, n) => template(event, { name: `Reader ${n}`, seat }).text);
  expect(said).toBe(2);
  expect(texts.map((text) => /Your seat: +(\d+)/.exec(text)?.[1] ?? null)).toEqual(seats);
  expect(texts.map((text) => /Hello Reader (\d),/.exec(text)?.[1])).toEqual(["0", "1", "2", "3"]);
  template({ title: "Chess" }, { name: "Reader of another", seat: "1" });
  expect(said).toBe(3);
});
