import { BadEnvironment } from "./bad-environment.ts";

/** A URL that says how to reach a server, taken apart and decoded. */
export interface ServerUrl {
  protocol: string;
  /** IPv6 without brackets; empty when the URL names none. */
  host: string;
  port: number | undefined;
  user: string | undefined;
  password: string | undefined;
  /** Without the slash before it. */
  path: string;
  parameters: Map<string, string>;
}

/**
 * Takes a URL apart.
 *
 * @param options.setting whose value it is, for what is thrown
 * @param options.known the parameters that are understood
 * @throws BadEnvironment on a URL that cannot be read, and on a parameter that would have no effect
 */
export function parseServerUrl(
  text: string,
  { setting, protocols, known }: { setting: string; protocols: string[]; known: string[] },
): ServerUrl {
  const bad = (why: string) => new BadEnvironment(`${setting}: ${why}`);
  // The URL standard knows no user without a host, which a socket's folder in `host=` needs.
  const hostless = text.replace(/^(\w+:\/\/[^/?#]*@)(?=[/?#]|$)/, "$1none");
  if (!URL.canParse(hostless) || !protocols.includes(new URL(hostless).protocol)) {
    throw bad(`must be a URL starting with ${protocols.map((each) => `${each}//`).join(" or ")}`);
  }
  const url = new URL(hostless);
  const parameters = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (!known.includes(name)) {
      throw bad(`the parameter "${name}" is not supported (those that are: ${known.join(", ")})`);
    }
    if (parameters.has(name)) throw bad(`the parameter "${name}" stands there twice`);
    parameters.set(name, value);
  }
  const host = hostless === text ? decode(url.hostname).replace(/^\[(.+)\]$/, "$1") : "";
  if (host.includes(",")) throw bad("several hosts in one URL are not supported");
  return {
    protocol: url.protocol,
    host,
    port: url.port ? Number(url.port) : undefined,
    user: decode(url.username) || undefined,
    password: decode(url.password) || undefined,
    path: decode(url.pathname.slice(1)),
    parameters,
  };
}

/**
 * The URL with the password in it, encoded; as it is where it has one. Of several URLs with commas
 * between, the first counts.
 */
export function withPassword(text: string, password: string | undefined): string {
  if (password === undefined) return text;
  const [, protocol, user = "", rest] = /^(\w+:\/\/)(?:([^,/?#]*)@)?(.*)$/s.exec(text) ?? [];
  if (protocol === undefined || user.includes(":")) return text;
  return `${protocol}${user}:${encodeURIComponent(password)}@${rest}`;
}

/** A percent sign that begins no code means itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
