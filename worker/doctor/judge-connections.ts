import ipaddr from "ipaddr.js";
import { isLoopback } from "~/platform/hosts";
import { advice, bad, good, type Verdict } from "./verdict";

/** How a connection is made, as the settings have it. */
export interface ConnectionFacts {
  /** "Postgres", "Redis", "SMTP" */
  service: string;
  hosts: string[];
  isEncrypted: boolean;
  /** Whether the server's certificate is checked. */
  isVerified: boolean;
  /** What to set for both, such as `sslmode=verify-full`. */
  setting: string;
}

/** Whether what travels to a server is encrypted, where it leaves this machine. */
export function judgeEncryption(facts: ConnectionFacts): Verdict {
  const { service, hosts, isEncrypted, isVerified, setting } = facts;
  const check = `${service} TLS`;
  const away = hosts.filter((host) => !isOnThisMachine(host));
  if (isEncrypted && isVerified) return good(check, "Encrypted, and the certificate is checked.");
  if (away.length === 0) return good(check, "Stays on this machine.");
  if (isEncrypted) {
    return advice(
      check,
      "Encrypted, but nobody checks whose certificate it is.",
      `Use ${setting}.`,
    );
  }
  const says = `Not encrypted on the way to ${away.join(", ")}.`;
  if (away.every(isOnPrivateNetwork)) {
    return advice(check, says, `Unless nobody else is on that network: use ${setting}.`);
  }
  return bad(check, says, `Use ${setting}.`);
}

/** How far apart two clocks may be, milliseconds. */
const NOTICEABLE_MS = 1_000;
const HARMFUL_MS = 5_000;

/**
 * @param differenceMs how far the server is ahead of this process; null when nobody knows
 */
export function judgeClock(service: string, differenceMs: number | null): Verdict {
  const check = `${service} clock`;
  const mend = "Let the hosts take the time from NTP.";
  if (differenceMs === null) return advice(check, "Unknown: the server does not tell.", mend);
  const ms = Math.abs(Math.round(differenceMs));
  const says = `${ms < 1_000 ? `${ms} ms` : `${Math.round(ms / 100) / 10} s`} from this process's.`;
  if (ms < NOTICEABLE_MS) return good(check, says);
  if (ms < HARMFUL_MS) return advice(check, says, mend);
  return bad(check, `${says} Deadlines and tokens are judged by both.`, mend);
}

/** A password that everybody tries first, or that stands in this product's files. */
export function judgePassword(facts: {
  service: string;
  hosts: string[];
  user: string | undefined;
  password: string | undefined;
}): Verdict[] {
  const { service, hosts, user, password } = facts;
  const check = `${service} password`;
  const mend = "Make one with: openssl rand -hex 24";
  const judge = hosts.every(isOnThisMachine) ? advice : bad;
  if (password === undefined) {
    if (service !== "Redis" || hosts.every(isOnThisMachine)) return [];
    return [advice(check, "None: whoever reaches the server may do anything.", mend)];
  }
  const isKnown = password === user || KNOWN_PASSWORDS.has(password.toLowerCase());
  if (isKnown) return [judge(check, "One that everybody can guess.", mend)];
  return [good(check, "None of those that everybody tries first.")];
}

const KNOWN_PASSWORDS = new Set([
  ...["", "postgres", "password", "redis", "valkey", "mini_compete", "mini-compete"],
  ...["admin", "root", "secret", "changeme", "change-me", "test", "123456", "example"],
]);

function isOnThisMachine(host: string): boolean {
  return host.startsWith("/") || isLoopback(host);
}

/** Names without a dot are a container's or a cluster's. */
function isOnPrivateNetwork(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(name)) return ipaddr.process(name).range() !== "unicast";
  return !name.includes(".") || /\.(internal|svc|local|lan)$/i.test(name);
}
