import { expect, test } from "vitest";
import { parseSmtpUrl } from "./smtp-url";

test("SMTP_URL is taken apart for nodemailer", () => {
  expect(parseSmtpUrl("smtp://me%40x:p%2Fw@[2001:db8::7]:587?name=us&tls.servername=mx")).toEqual({
    ...{ host: "2001:db8::7", port: 587, secure: false, requireTLS: true, name: "us" },
    auth: { user: "me@x", pass: "p/w" },
    tls: { rejectUnauthorized: true, servername: "mx" },
  });
});

test.each([
  ["smtp://mail.example", false],
  ["smtp://mail.example?requireTLS=true", true],
  ["smtp://me:pw@mail.example", true],
  ["smtp://me@mail.example", true],
  ["smtp://me:pw@mail.example?requireTLS=false", false],
  ["smtps://me:pw@mail.example", false],
])("%s requires STARTTLS: %s", (url, requireTLS) => {
  expect(parseSmtpUrl(url)).toMatchObject({ requireTLS, secure: url.startsWith("smtps") });
});

test.each(["mail.example.com", "smtp://mail.example?requireTLS=maybe", "smtp://m?debug=true"])(
  "%s is refused",
  (url) => {
    expect(() => parseSmtpUrl(url)).toThrow(/^SMTP_URL: [^\n]+$/);
  },
);
