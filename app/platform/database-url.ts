import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { ClientConfig } from "pg";
import { BadEnvironment } from "./bad-environment.ts";
import { parseServerUrl } from "./server-url.ts";
import { readTlsFiles, type TlsFiles } from "./tls-files.ts";

/** What libpq's variables say, for what the URL leaves open. */
export interface PgEnvironment {
  PGSSLMODE?: string | undefined;
  PGSSLROOTCERT?: string | undefined;
  PGSSLCERT?: string | undefined;
  PGSSLKEY?: string | undefined;
}

/** DATABASE_URL taken apart. Everything in it is honoured. */
export interface DatabaseAddress {
  /** A folder: the Unix socket in it. */
  host: string;
  port: number | undefined;
  user: string | undefined;
  password: string | undefined;
  database: string | undefined;
  applicationName: string | undefined;
  options: string | undefined;
  connectTimeoutMs: number | undefined;
  tls: { mode: TlsMode; negotiation: "postgres" | "direct"; files: TlsFiles };
}

const MODES = ["disable", "require", "no-verify", "verify-ca", "verify-full"] as const;
type TlsMode = (typeof MODES)[number];

/** Trusts whom node trusts, with NODE_EXTRA_CA_CERTS. */
const SYSTEM = "system";
const LONGEST_CONNECT_S = 10;
const PARAMETERS = [
  ...["host", "port", "user", "password", "dbname", "application_name", "connect_timeout"],
  ...["options", "sslmode", "ssl", "sslrootcert", "sslcert", "sslkey", "sslnegotiation"],
  "uselibpqcompat",
];

/**
 * Reads DATABASE_URL, or the setting named, as libpq does (PostgreSQL's manual, 34.1 and 34.19), but never
 * falls back to a plain connection. Does no I/O.
 *
 * @throws BadEnvironment naming what is not supported
 */
export function parseDatabaseUrl(
  text: string,
  environment: PgEnvironment = {},
  setting = "DATABASE_URL",
): DatabaseAddress {
  const protocols = ["postgres:", "postgresql:"];
  const url = parseServerUrl(text, { setting, protocols, known: PARAMETERS });
  const given = (name: string) => url.parameters.get(name) || undefined;
  const host = given("host") ?? (url.host || "localhost");
  const numbered = (name: string, most: number) => {
    const value = given(name);
    if (value === undefined) return undefined;
    if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= most) return Number(value);
    throw new BadEnvironment(`${setting}: ${name} must be a whole number from 1 to ${most}`);
  };
  const seconds = numbered("connect_timeout", LONGEST_CONNECT_S);
  return {
    host,
    port: numbered("port", 65_535) ?? url.port,
    user: given("user") ?? url.user,
    password: given("password") ?? url.password,
    database: given("dbname") ?? (url.path || undefined),
    applicationName: given("application_name"),
    options: given("options"),
    connectTimeoutMs: seconds && seconds * 1_000,
    tls: {
      ...tlsOf(setting, url.parameters, environment),
      ...(isSocket(host) && { mode: "disable" }),
    },
  };
}

/** The address as pg takes it; its certificates are read now. */
export function pgConfig(address: DatabaseAddress): ClientConfig {
  const { host, port, user, password, database, options, tls } = address;
  return {
    ...{ host, port, user, password, database, options },
    ssl: sslOption(address),
    // Said even where it is the default: pg would read PGSSLNEGOTIATION.
    sslnegotiation: tls.negotiation,
  };
}

/** Whether pg reaches this host through a Unix socket, where there is no TLS. */
export function isSocket(host: string): boolean {
  return host.startsWith("/");
}

function tlsOf(setting: string, parameters: Map<string, string>, environment: PgEnvironment) {
  const bad = (why: string) => new BadEnvironment(`${setting}: ${why}`);
  const file = (name: string, variable: keyof PgEnvironment) => {
    const own = parameters.get(name);
    if (own) return { setting: `${setting}: ${name}`, path: own };
    const path = environment[variable];
    return path ? { setting: variable, path } : undefined;
  };
  const root = file("sslrootcert", "PGSSLROOTCERT");
  const [cert, key] = [file("sslcert", "PGSSLCERT"), file("sslkey", "PGSSLKEY")];
  if (!cert !== !key) {
    const alone = (cert ?? key)?.setting;
    throw new BadEnvironment(`${alone}: a certificate and its key go together`);
  }
  const compatible = parameters.get("uselibpqcompat") ?? "true";
  if (compatible !== "true") throw bad("uselibpqcompat can only be true: sslmode means libpq's");

  // A certificate that nobody would look at is no wish for a plain connection.
  const mode =
    modeGiven(setting, parameters, environment) ?? (root || cert ? "verify-full" : "disable");
  if (mode === "verify-ca" && !root) throw bad("sslmode=verify-ca needs sslrootcert");
  if (root?.path === SYSTEM && mode !== "verify-full" && mode !== "disable") {
    throw bad(`sslrootcert=system needs sslmode=verify-full, not ${mode}`);
  }
  const negotiation = parameters.get("sslnegotiation") ?? "postgres";
  if (negotiation !== "postgres" && negotiation !== "direct") {
    throw bad("sslnegotiation must be postgres or direct");
  }
  if (negotiation === "direct" && mode === "disable") {
    throw bad("sslnegotiation=direct needs sslmode=require or more");
  }
  const ca = root?.path === SYSTEM ? undefined : root;
  return { mode, negotiation, files: { ca, cert, key } } as const;
}

function modeGiven(
  setting: string,
  parameters: Map<string, string>,
  { PGSSLMODE }: PgEnvironment,
): TlsMode | undefined {
  const ssl = parameters.get("ssl");
  const sslmode = parameters.get("sslmode");
  if (!ssl) {
    if (sslmode) return toMode(`${setting}: sslmode`, sslmode);
    return PGSSLMODE ? toMode("PGSSLMODE", PGSSLMODE) : undefined;
  }
  // libpq takes ssl=true for sslmode=require; pg knows the others.
  const words: Record<string, TlsMode> = {
    true: "require",
    1: "require",
    "no-verify": "no-verify",
  };
  const mode = /^(false|0)$/.test(ssl) ? "disable" : words[ssl];
  if (!mode) throw new BadEnvironment(`${setting}: ssl must be true, false or no-verify`);
  const other = sslmode ? toMode(`${setting}: sslmode`, sslmode) : mode;
  if ((mode === "disable") === (other === "disable")) return other;
  throw new BadEnvironment(`${setting}: ssl=${ssl} contradicts sslmode=${sslmode}`);
}

function toMode(setting: string, value: string): TlsMode {
  const mode = MODES.find((known) => known === value);
  if (mode) return mode;
  const why =
    value === "prefer" || value === "allow"
      ? "is not supported, since it may go on without TLS; say require, or disable"
      : `must be one of ${MODES.join(", ")}`;
  throw new BadEnvironment(`${setting}=${value} ${why}`);
}

function sslOption({ host, tls: { mode, files } }: DatabaseAddress): ClientConfig["ssl"] {
  if (mode === "disable") return false;
  const read = readTlsFiles(files);
  if (mode === "no-verify") return { ...read, rejectUnauthorized: false };
  if (mode === "verify-full") {
    // pg tells TLS no address that is a number, and "localhost" would be compared instead.
    const isThatHost = (_name: string, certificate: PeerCertificate) =>
      checkServerIdentity(host, certificate);
    return { ...read, checkServerIdentity: isThatHost };
  }
  // As in libpq, `require` with an authority is `verify-ca`.
  if (!files.ca) return { ...read, rejectUnauthorized: false };
  return { ...read, checkServerIdentity: () => undefined };
}
