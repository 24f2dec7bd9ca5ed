import { expect, test } from "vitest";
import { createWrongTokens } from "./wrong-tokens";

function start() {
  const clock = { now: 1_000_000 };
  return { clock, tokens: createWrongTokens({ now: () => clock.now }) };
}

test("five wrong tokens cost nothing, and each further one twice the wait, up to a minute", () => {
  const { clock, tokens } = start();
  const waits = Array.from({ length: 14 }, () => {
    clock.now += tokens.waitMs("a");
    tokens.note("a");
    return tokens.waitMs("a") / 1_000;
  });
  expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(tokens.waitMs("b")).toBe(0);
});

test("the right token ends it, and so do fifteen quiet minutes", () => {
  const { clock, tokens } = start();
  for (let count = 0; count < 7; count++) tokens.note("a");
  expect(tokens.waitMs("a")).toBe(2_000);
  clock.now += 2_000;
  expect(tokens.waitMs("a")).toBe(0);
  clock.now += 900_000;
  expect(tokens.note("a")).toBe(1);
  for (let count = 0; count < 7; count++) tokens.note("a");
  tokens.forgive("a");
  expect(tokens.waitMs("a")).toBe(0);
});

test("a thousand networks are remembered, and the one longest silent is forgotten", () => {
  const { tokens } = start();
  for (let count = 0; count < 7; count++) tokens.note("attacker");
  for (let network = 0; network < 999; network++) tokens.note(`network ${network}`);
  tokens.note("attacker");
  tokens.note("one more");
  expect(tokens.size()).toBe(1_000);
  expect(tokens.note("network 0")).toBe(1);
  expect(tokens.waitMs("attacker")).toBe(4_000);
  for (let network = 0; network < 20_000; network++) tokens.note(`more ${network}`);
  expect(tokens.size()).toBe(1_000);
});
