import { describe, test } from "vitest";
import { expectLimitsHold } from "../support/postgres-unreachable";
import type { Weather } from "../support/tcp-proxy";

// The third is in postgres-silent.test.ts: each waits long for nothing, and they wait at once.
describe("a request takes no longer than the limits while Postgres", () => {
  const weathers: Weather[] = [{ kind: "no replies" }, { kind: "cut" }];

  test.each(weathers)("is behind a network that is $kind", (weather) => expectLimitsHold(weather));
});
