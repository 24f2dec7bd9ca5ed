import { expect, test } from "vitest";
import { renderMail } from "./render";

const URL = "https://compete.example/competitions/1";

/** A mail in which a name and a title of somebody's stand wherever they may. */
function mailWith(words: string) {
  return renderMail({
    subject: `Registration confirmed: ${words}`,
    heading: `${words} starts soon`,
    paragraphs: [`Hello ${words},`, `a seat at ${words} is yours.`],
    details: [["Competition", words]],
    action: { label: "See the competition", url: URL },
  });
}

test.each([
  "Win at https://evil.example/pay",
  "evil.example/pay",
  "www.evil.example",
  "me@evil.example",
  "evil.com",
])("mail that tells of %s has one link, its own", (words) => {
  const { subject, text, html } = mailWith(words);
  for (const part of [subject, text, html.replace(/<style>.*<\/style>/s, "")]) {
    const rest = part.replaceAll(URL, "");
    expect(rest).not.toMatch(/evil|https?:|www\.|@\w/);
  }
  expect(text).toContain(URL);
  expect(html).toContain(`href="${URL}"`);
});

test("mail has no line breaks, directions or invisible characters from anybody", () => {
  const { subject, text } = mailWith("A\r\nBcc: all@example.com b\u202Eb\u200Bc\u2028d\u{E0061}");
  expect(subject).toBe("Registration confirmed: A  Bcc: […] bbc d");
  expect(text).not.toMatch(/^Bcc:|[\u202E\u200B\u2028\u{E0061}\r]/mu);
});

test("mail shows names as they are, and gives programs nothing to turn into a link", () => {
  const { subject, text, html } = mailWith(
    "ASP.NET & Node.js, St. John, علی\u200Cرضا 👩🏽\u200D🔬",
  );
  expect(subject).toBe(
    "Registration confirmed: ASP.NET & Node.js, St. John, علی\u200Cرضا 👩🏽\u200D🔬",
  );
  for (const part of [text, html.replace(/<title>.*<\/title>/, "")]) {
    expect(part).toMatch(/ASP\u200C\.NET &(amp;)? Node\.js, St\. John, علی\u200Cرضا/u);
    expect(part).not.toContain("ASP.NET");
  }
});
