import type { Env } from "~/platform/env";
import { isLoopback } from "~/platform/hosts";
import { webProblems } from "~/platform/web-settings";
import { advice, bad, good, type Verdict } from "./verdict";

/** Judges this program's version and settings, as far as they can be judged without a server. */
export function judgeSettings(settings: Env, nodeVersion: string): Verdict[] {
  return [
    judgeNode(nodeVersion),
    judgeMode(settings),
    judgeSecrets(settings),
    judgeAddress(settings),
    ...judgeLimits(settings),
  ].flat();
}

function judgeNode(version: string): Verdict {
  const check = "Node version";
  const major = Number(version.split(".")[0]);
  if (major === 24) return good(check, `Node ${version}.`);
  const mend = "Use Node 24, with which everything is tested.";
  return major < 24
    ? bad(check, `Node ${version} is too old.`, mend)
    : advice(check, `Node ${version}.`, mend);
}

function judgeMode({ NODE_ENV }: Env): Verdict[] {
  if (NODE_ENV === "production") return [];
  const mend = "Leave NODE_ENV empty, or say production, where others come.";
  return [advice("NODE_ENV", `It is ${NODE_ENV}.`, mend)];
}

function judgeSecrets(settings: Env): Verdict {
  const check = "Secrets";
  const { SESSION_SECRET, JWT_SECRET } = settings;
  if (!SESSION_SECRET && !JWT_SECRET) {
    const mend = "Run this where the web server runs, with its settings, to have them judged.";
    return advice(check, "SESSION_SECRET and JWT_SECRET are not set here.", mend);
  }
  const problems = webProblems({ ...settings, NODE_ENV: "production" }).filter(
    (problem) => !problem.startsWith("PUBLIC_URL"),
  );
  if (problems.length === 0) return good(check, "Long, unlike each other, and no placeholders.");
  const mend = "The web server refuses to start in production until that is done.";
  const judge = settings.NODE_ENV === "production" ? bad : advice;
  return judge(check, `${problems.join(". ")}.`, mend);
}

function judgeAddress(settings: Env): Verdict[] {
  const check = "PUBLIC_URL";
  const { PUBLIC_URL, TRUST_PROXY } = settings;
  if (!PUBLIC_URL || isLoopback(new URL(PUBLIC_URL).hostname)) {
    const says = `Links in mail lead to ${PUBLIC_URL ?? `http://localhost:${settings.PORT}`}.`;
    return [advice(check, says, "Set it to where people reach the site, with https://.")];
  }
  if (PUBLIC_URL.startsWith("http:")) {
    const mend = "Use https:// (a proxy in front may end TLS).";
    return [bad(check, "Passwords and cookies travel in plain.", mend)];
  }
  if (TRUST_PROXY && !/^(off|false|0)$/.test(TRUST_PROXY)) {
    return [good(check, "https, behind a proxy that TRUST_PROXY names.")];
  }
  const mend =
    "Set TRUST_PROXY to the number of proxies in front, else all people share its address.";
  return [advice(check, "https, and no proxy is named that ends TLS.", mend)];
}

function judgeLimits({ RATE_LIMITS }: Env): Verdict[] {
  if (RATE_LIMITS === "on") return [];
  const mend = "Leave RATE_LIMITS out, except for load tests.";
  return [advice("RATE_LIMITS", "Nobody is limited, whoever guesses passwords included.", mend)];
}
