import { expect, test } from "vitest";
import { outcomeOf, type Phase } from "./smtp-outcome";

/** As nodemailer reports it. */
function failure(code: string, command: string, response = "", message = "failed") {
  const responseCode = Number.parseInt(response, 10) || undefined;
  return Object.assign(new Error(message), { code, command, response, responseCode });
}

function wordOf(error: unknown, phase: Phase = "before"): string {
  const outcome = outcomeOf(error, phase);
  if (outcome.result !== "retry") return "reason" in outcome ? outcome.reason : outcome.result;
  return `${outcome.reason}${outcome.isServers ? " of the server" : ""}`;
}

test.each([
  ["EENVELOPE", "RCPT TO", "550 5.1.1 unknown", "recipient_refused"],
  ["EENVELOPE", "RCPT TO", "552 full for ever", "recipient_refused"],
  ["EENVELOPE", "API", "", "recipient_refused"],
  ["EMESSAGE", "DATA", "554 5.7.1 spam", "message_refused"],
  ["EENVELOPE", "DATA", "554 no valid recipients", "message_refused"],
  ["EMESSAGE", "MAIL FROM", "", "message_refused"],
])("%s at %s (%s) is the end of the mail: %s", (code, command, response, word) => {
  expect(wordOf(failure(code, command, response))).toBe(word);
});

test.each([
  ["EENVELOPE", "RCPT TO", "451 4.7.1 greylisted", "not_now"],
  ["EMESSAGE", "DATA", "452 4.3.1 full", "not_now"],
  ["EENVELOPE", "RCPT TO", "503 AUTH first", "protocol"],
  ["EENVELOPE", "RCPT TO", "530 5.7.0 AUTH first", "authentication"],
  ["EENVELOPE", "RCPT TO", "421 bye", "not_now of the server"],
  ["EENVELOPE", "MAIL FROM", "550 not you", "sender_refused of the server"],
  ["EENVELOPE", "MAIL FROM", "530 5.7.0 AUTH first", "authentication of the server"],
  ["EENVELOPE", "MAIL FROM", "452 4.3.1 full", "not_now of the server"],
  ["EAUTH", "AUTH PLAIN", "535 5.7.8 no", "authentication of the server"],
  ["EAUTH", "AUTH PLAIN", "454 4.7.0 later", "authentication of the server"],
  ["EPROTOCOL", "CONN", "554 5.3.2 no service", "protocol of the server"],
  ["EPROTOCOL", "CONN", "421 4.3.2 full", "not_now of the server"],
  ["ETLS", "STARTTLS", "", "tls of the server"],
  ["EDNS", "CONN", "", "connection of the server"],
  ["ETIMEDOUT", "CONN", "", "connection of the server"],
])("%s at %s (%s) is a reason to try again: %s", (code, command, response, word) => {
  expect(wordOf(failure(code, command, response))).toBe(word);
});

test("a sender that is no address is not the recipient's fault", () => {
  const error = failure("EENVELOPE", "API", "", 'Invalid sender "a\\nb"');
  expect(wordOf(error)).toBe("sender_refused of the server");
});

test("after the mail was handed over, only the server's answer counts", () => {
  const hungUp = failure("ECONNECTION", "CONN");
  expect(wordOf(hungUp, "before")).toBe("connection of the server");
  expect(wordOf(hungUp, "handed over")).toBe("unanswered");
  expect(wordOf(failure("EMESSAGE", "DATA", "451 later"), "handed over")).toBe("not_now");
  expect(wordOf(failure("ESTREAM", "API"), "ours")).toBe("ours");
  expect(wordOf(failure("ESTREAM", "API"), "superseded")).toBe("superseded");
});

test("of a refusal only the numbers are kept, and none of the server's words", () => {
  const error = failure("EENVELOPE", "RCPT TO", "550 5.1.1 <dora@example.com> unknown");
  const outcome = outcomeOf(error, "before");
  expect(outcome).toMatchObject({ code: "550 5.1.1", said: "SMTP: 550 5.1.1 at RCPT TO" });
  expect(JSON.stringify(outcome)).not.toContain("dora");
});
