import { BadEnvironment } from "./bad-environment.ts";
import { type Env, env, orEnd } from "./env.ts";
import { isLoopback } from "./hosts.ts";
import { weaknessOf } from "./secret-strength.ts";

/** The secrets of development, if none are set. Everybody can read them here. */
const KNOWN = {
  SESSION_SECRET: "development-only-session-secret",
  JWT_SECRET: "development-only-token-secret",
};
const NAMES = ["SESSION_SECRET", "JWT_SECRET"] as const;
const MEND = "make one with: openssl rand -hex 32";

/** Ends the process with one line unless its settings are fit to serve strangers. */
export function requireWebSettings(): void {
  orEnd(() => checkWebSettings(env()));
}

/**
 * Checks the settings that only the web process needs. Refuses, in production, secrets that somebody may
 * know and a public address without TLS; in development, well-known secrets within reach of others.
 *
 * @throws BadEnvironment naming the variables, and how to mend them
 */
export function checkWebSettings(settings: Env): void {
  const problems = webProblems(settings);
  if (problems.length > 0) throw new BadEnvironment(problems.join("; "));
}

/** What `checkWebSettings` refuses, a line for each. */
export function webProblems(settings: Env): string[] {
  return settings.NODE_ENV === "production"
    ? [...NAMES.flatMap((name) => secretProblems(settings, name)), ...addressProblems(settings)]
    : exposureProblems(settings);
}

/** Where the web process listens: within this machine while it is developed, unless HOST says more. */
export function webHost({ HOST, NODE_ENV }: Env): string | undefined {
  return HOST ?? (NODE_ENV === "production" ? undefined : "localhost");
}

/** The first signs cookies; all are accepted. */
export function sessionSecrets(): [string, ...string[]] {
  return secretsOf(env(), "SESSION_SECRET");
}

/** The first signs tokens; all are accepted. */
export function tokenSecrets(): [string, ...string[]] {
  return secretsOf(env(), "JWT_SECRET");
}

function secretsOf(settings: Env, name: (typeof NAMES)[number]): [string, ...string[]] {
  const known = settings.NODE_ENV === "production" ? undefined : KNOWN[name];
  const secret = settings[name] ?? known;
  // A process that is no web process was not asked for one when it started.
  if (!secret) throw new BadEnvironment(`${name}: is not set; ${MEND}`);
  const previous = settings[`${name}_PREVIOUS`];
  return previous ? [secret, previous] : [secret];
}

function secretProblems(settings: Env, name: (typeof NAMES)[number]): string[] {
  const current = settings[name];
  if (!current) {
    return [`${name}: is not set; ${MEND} (or say NODE_ENV=development to develop)`];
  }
  const problems: string[] = [];
  const weakness = weaknessOf(current);
  if (weakness) problems.push(`${name}: ${weakness}; ${MEND}`);
  const previousName = `${name}_PREVIOUS` as const;
  const previous = settings[previousName];
  const previousWeakness = previous ? weaknessOf(previous) : null;
  if (previousWeakness) {
    problems.push(`${previousName}: ${previousWeakness}; leave it out, and people log in again`);
  }
  if (previous && NAMES.some((each) => settings[each] === previous)) {
    problems.push(`${previousName}: is in use as a present secret; make a new one of that`);
  }
  if (name === "JWT_SECRET" && current === settings.SESSION_SECRET) {
    problems.push(`JWT_SECRET: is the same as SESSION_SECRET; ${MEND}`);
  }
  return problems;
}

function addressProblems({ PUBLIC_URL }: Env): string[] {
  if (!PUBLIC_URL?.startsWith("http:") || isLoopback(new URL(PUBLIC_URL).hostname)) return [];
  const mend =
    "use https:// (a proxy in front may end TLS); plain is for this machine, or development";
  return [`PUBLIC_URL: passwords and cookies would travel in plain; ${mend}`];
}

function exposureProblems(settings: Env): string[] {
  const host = webHost(settings) ?? "";
  if (isLoopback(host) || NAMES.every((name) => settings[name])) return [];
  const missing = NAMES.filter((name) => !settings[name]).join(" and ");
  return [
    `HOST: ${host} lets others in, and everybody knows the secrets of development; set ${missing}`,
  ];
}
