import type { Workload } from "./arena.ts";
import { mail, reminders, sweep } from "./domain/background.ts";
import { curve, hot, hotWithKeys, oversell, spread, twice } from "./domain/crowds.ts";
import { lineAlternatives } from "./domain/line-alternatives.ts";
import { flatKnown, flatRows, flatSeats, lone } from "./domain/one-by-one.ts";
import { redisMemory } from "./domain/redis-memory.ts";
import { soldOut } from "./domain/refusals.ts";
import { type HttpWorkload, overHttp } from "./http/http-arena.ts";
import { httpLone, pages } from "./http/quiet.ts";
import { costs, httpSoldOut } from "./http/refusals.ts";
import { httpHot, logins, processes } from "./http/rushes.ts";
import { systemCurve } from "./system/curve.ts";
import { line } from "./system/line.ts";
import { system } from "./system/system.ts";

/** Those that go through a web server. */
export const httpWorkloads: Record<string, HttpWorkload> = {
  system,
  "system-curve": systemCurve,
  line,
  "http-hot": httpHot,
  "http-sold-out": httpSoldOut,
  "http-lone": httpLone,
  processes,
  logins,
  costs,
  pages,
};

/** Every workload, by the name under which `workloads.ts` lists it. */
export const ALL_WORKLOADS: Record<string, Workload> = {
  hot,
  "hot-keys": hotWithKeys,
  oversell,
  "sold-out": soldOut,
  spread,
  twice,
  lone,
  curve,
  "flat-seats": flatSeats,
  "flat-rows": flatRows,
  "flat-known": flatKnown,
  "line-alternatives": lineAlternatives,
  reminders,
  mail,
  sweep,
  "redis-memory": redisMemory,
  ...Object.fromEntries(
    Object.entries(httpWorkloads).map(([name, play]) => [name, overHttp(play)]),
  ),
};
