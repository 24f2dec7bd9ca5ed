import type { Workload } from "../arena";
import { lone } from "./lone";
import { curve, hot, hotWithKeys } from "./rush";
import { soldOut } from "./sold-out";
import { spread } from "./spread";
import { twice } from "./twice";

/** The workloads that call the domain directly, without HTTP. */
export const domainWorkloads: Record<string, Workload> = {
  hot,
  "hot-keys": hotWithKeys,
  "sold-out": soldOut,
  spread,
  twice,
  lone,
  curve,
};
