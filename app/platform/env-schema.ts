import { isIP } from "node:net";
import * as z from "zod";
import { parseOrigin } from "./hosts.ts";

const url = (protocols: string[]) =>
  z.string().refine(
    (value) => {
      try {
        return protocols.includes(new URL(value).protocol.replace(":", ""));
      } catch {
        return false;
      }
    },
    { message: `must be a URL starting with ${protocols.map((p) => `${p}://`).join(" or ")}` },
  );

const integer = (from: number, to: number, fallback: number) =>
  z
    .string()
    .regex(/^-?\d+$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((n) => n >= from && n <= to, `must be a whole number from ${from} to ${to}`)
    .default(fallback);

const path = z.string().min(1).optional();

const hostNames = z
  .string()
  .toLowerCase()
  .transform((value) => value.split(",").map((name) => name.trim()))
  .pipe(z.array(z.string().regex(/^[a-z0-9.-]+$/, "must be host names separated by commas")))
  .default([]);

/** Every setting: what it may be, and its default. */
export const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production"),
  HOST: z.string().min(1).optional(),
  PORT: integer(0, 65_535, 3000),
  PUBLIC_URL: url(["http", "https"])
    .transform((value) => value.replace(/\/+$/, ""))
    .refine((value) => parseOrigin(value) !== null, "must be a protocol and a host, and no path")
    .optional(),
  TRUST_PROXY: z
    .string()
    .refine(
      namesProxies,
      "must be off, the number of proxies in front, or their addresses (10.0.0.0/8, loopback) " +
        "with commas between",
    )
    .optional(),
  HSTS_SUBDOMAINS: z.enum(["on", "off"]).default("off"),
  WEB_CONCURRENCY: integer(1, 256, 1),
  WAITLIST: z.enum(["on", "off"]).default("on"),

  DATABASE_URL: z.string().default("postgresql://postgres:postgres@127.0.0.1:5432/mini_compete"),
  PGPASSWORD: z.string().optional(),
  MIGRATE_DATABASE_URL: z.string().optional(),
  DATABASE_POOL_MAX: integer(1, 500, 10),
  PGSSLMODE: z.string().optional(),
  PGSSLROOTCERT: path,
  PGSSLCERT: path,
  PGSSLKEY: path,
  REDIS_URL: z.string().default("redis://127.0.0.1:6379"),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_CA_FILE: path,
  REDIS_CERT_FILE: path,
  REDIS_KEY_FILE: path,
  REDIS_CLUSTER: z.enum(["on", "off"]).default("off"),
  REDIS_SENTINEL_NAME: z.string().min(1).optional(),
  REDIS_SENTINEL_PASSWORD: z.string().min(1).optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9_-]{1,40}$/, "must be 1–40 of a–z, 0–9, _ and -")
    .default("mini-compete"),

  // Only the web process needs them, and only it judges them (web-settings.ts).
  SESSION_SECRET: z.string().optional(),
  SESSION_SECRET_PREVIOUS: z.string().optional(),
  JWT_SECRET: z.string().optional(),
  JWT_SECRET_PREVIOUS: z.string().optional(),
  SMTP_URL: z.string().optional(),
  SMTP_PASSWORD: z.string().optional(),
  SMTP_RETRY_HOURS: integer(1, 720, 24),
  MAIL_PER_DAY: integer(1, 100_000, 100),
  VERIFY_EMAIL: z.enum(["auto", "on", "off"]).default("auto"),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
      "must be an address, or a name and <an address>",
    )
    .default("Mini Compete <no-reply@mini-compete.example>"),

  MAIL_KEPT_DAYS: integer(1, 36_500, 400),
  DELETED_KEPT_DAYS: integer(1, 36_500, 30),

  METRICS_PORT: integer(0, 65_535, 9092),
  METRICS_HOST: z.string().min(1).default("127.0.0.1"),
  METRICS_HOSTNAMES: hostNames,
  WORKER_PORT: integer(0, 65_535, 9091),
  WORKER_HOST: z.string().min(1).default("127.0.0.1"),
  WORKER_HOSTNAMES: hostNames,
  OPS_WRITE: z.enum(["on", "off"]).default("off"),
  OPS_TOKEN: z.string().min(16, "must have at least 16 characters").optional(),

  DRAIN_DELAY_S: integer(0, 300, 0),

  RATE_LIMITS: z.enum(["on", "off"]).default("on"),
  COMMON_PASSWORDS: z.enum(["allow", "refuse"]).default("allow"),
  ORGANIZER_COMPETITIONS_A_DAY: integer(1, 1_000_000, 300),
  ORGANIZER_SEATS: integer(1, 1_000_000_000, 1_000_000),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  HOLD_SECONDS: integer(5, 60, 20),

  OTEL_EXPORTER_OTLP_ENDPOINT: url(["http", "https"]).optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z.enum(["http/protobuf", "http/json"]).default("http/protobuf"),
  OTEL_TRACES_SAMPLER: z
    .enum(["always_on", "always_off", "traceidratio"].flatMap((s) => [s, `parentbased_${s}`]))
    .default("parentbased_always_on"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
});

export type Env = z.infer<typeof schema>;

/** Whether Express would take TRUST_PROXY for what it says. */
function namesProxies(value: string): boolean {
  if (/^(off|false|\d{1,2})$/.test(value)) return true;
  return value.split(",").every((part) => {
    const [address = "", bits, ...more] = part.trim().split("/");
    if (more.length > 0) return false;
    if (/^(loopback|linklocal|uniquelocal)$/.test(address)) return bits === undefined;
    const most = { 4: 32, 6: 128 }[isIP(address)];
    if (most === undefined || bits === undefined) return most !== undefined;
    return /^\d+$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most;
  });
}
