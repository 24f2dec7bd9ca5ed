import type { HttpWorkload } from "../http-arena";
import { costs } from "./costs";
import { logins } from "./logins";
import { httpLone } from "./lone";
import { pages } from "./pages";
import { processes } from "./processes";
import { httpHot } from "./rush";
import { httpSoldOut } from "./sold-out";

/** The workloads that go through a web server. */
export const httpWorkloads: Record<string, HttpWorkload> = {
  "http-hot": httpHot,
  "http-sold-out": httpSoldOut,
  "http-lone": httpLone,
  processes,
  logins,
  costs,
  pages,
};
