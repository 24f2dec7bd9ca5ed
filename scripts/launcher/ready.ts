import * as z from "zod";
import { OWN_HOST, type Settings } from "./settings.ts";

/** The part of `npm run seed -- --json` that `up` shows. */
export const seededSchema = z.object({
  message: z.string(),
  logIns: z.array(z.object({ role: z.string(), email: z.string(), password: z.string() })),
});

export interface Ready {
  settings: Settings;
  /** Where the site is, for people: PUBLIC_URL, or on this machine. */
  address: string;
  /** `metrics: 0`: none. */
  ports: { web: number; worker: number; metrics: number };
  logIns: { role: string; email: string; password: string }[];
}

/** What `up` says when everything is ready. Every address in it answers, every password works. */
export function readyText({ settings, address, ports, logIns }: Ready): string {
  const { HOST = OWN_HOST, WORKER_HOST = "127.0.0.1", METRICS_HOST = "127.0.0.1" } = settings;
  const here = urlOf(HOST, ports.web);
  const width = Math.max(0, ...logIns.map(({ email }) => email.length));
  const operators = [
    `${urlOf(WORKER_HOST, ports.worker)}/metrics (worker)`,
    ...(ports.metrics ? [`${urlOf(METRICS_HOST, ports.metrics)}/metrics (web)`] : []),
  ];
  return [
    "",
    `  Mini Compete is ready:  ${address}`,
    ...(here === address ? [] : [`  On this machine:        ${here}`]),
    "",
    ...logIns.map(
      ({ role, email, password }) =>
        `    ${role.toLowerCase().padEnd(11)}  ${email.padEnd(width)}    ${password}`,
    ),
    ...(logIns.length ? [""] : []),
    `  For operators: ${operators.join(", ")}. Stop with Ctrl-C.`,
    "",
  ].join("\n");
}

/** A URL under which this machine reaches what listens on that host and port. */
export function urlOf(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
