import type { Workload } from "../arena";
import { reminders, sweep } from "./background";
import { flatKnown, flatRows, flatSeats } from "./flat";
import { lone } from "./lone";
import { mail } from "./mail";
import { redisMemory } from "./redis-memory";
import { curve, hot, hotWithKeys, oversell } from "./rush";
import { soldOut } from "./sold-out";
import { spread } from "./spread";
import { twice } from "./twice";

/** The workloads that call the domain directly, without HTTP. */
export const domainWorkloads: Record<string, Workload> = {
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
  reminders,
  mail,
  sweep,
  "redis-memory": redisMemory,
};
