import { test } from "vitest";
import { expectLimitsHold } from "../support/postgres-unreachable";

// The others are in postgres-outage.test.ts: each waits long for nothing, and they wait at once.
test("a request takes no longer than the limits while Postgres is behind a network that is silent", () =>
  expectLimitsHold({ kind: "silent" }));
