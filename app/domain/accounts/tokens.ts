import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import jwt from "jsonwebtoken";
import { LRUCache } from "lru-cache";
import { now } from "~/platform/clock";
import { toUuid } from "~/platform/ids";
import { singleton } from "~/platform/singleton";
import { tokenSecrets } from "~/platform/web-settings";
import { findUser, type UserView } from "./users";

/** How long an access token is valid, in seconds: eight hours. */
export const TOKEN_SECONDS = 8 * 3600;

const CACHE_SIZE = 20_000;
const ALGORITHM = "HS256";
const ISSUER = "mini-compete";
const AUDIENCE = "mini-compete-api";

/** Makes a token for `Authorization: Bearer` (RFC 6750, RFC 7519). It names the user, no more. */
export async function issueAccessToken(
  user: Pick<UserView, "id">,
): Promise<{ accessToken: string; expiresInSeconds: number }> {
  const issuedAt = nowInSeconds();
  const claims = { sub: user.id, iss: ISSUER, aud: AUDIENCE, iat: issuedAt };
  const [key] = secretKeys();
  const accessToken = jwt.sign({ ...claims, exp: issuedAt + TOKEN_SECONDS }, key, {
    algorithm: ALGORITHM,
  });
  return { accessToken, expiresInSeconds: TOKEN_SECONDS };
}

/**
 * The user of a token as the database has them now, or null when they are gone, or the token is
 * forged, expired, meant for another service or no token.
 */
export async function findTokenUser(token: string): Promise<UserView | null> {
  const claims = verifyOnce(token);
  return claims && findUser(claims.userId);
}

interface Claims {
  userId: string;
  /** Milliseconds. */
  expiresAt: number;
}

const cache = singleton("verified-tokens", () => new LRUCache<string, Claims>({ max: CACHE_SIZE }));

/** Remembers what a token says, which cannot change, and never what its user may do, which can. */
function verifyOnce(token: string): Claims | null {
  const known = cache.get(token);
  if (known && known.expiresAt > now().getTime()) return known;
  const claims = verify(token);
  if (claims) cache.set(token, claims);
  else cache.delete(token);
  return claims;
}

/** By any of the keys: while a secret is being changed, tokens of the previous one still count. */
function verify(token: string): Claims | null {
  for (const key of secretKeys()) {
    try {
      const claims = readOwn(key, token) ?? readAny(key, token);
      if (claims) return claims;
    } catch {
      // The library says so of a token that it refuses.
    }
  }
  return null;
}

/** What our tokens begin with, as the library writes it. */
const HEADER = `${Buffer.from(JSON.stringify({ alg: ALGORITHM, typ: "JWT" })).toString("base64url")}.`;

/**
 * What a token says that looks exactly as ours do: the library's checks, for less than half its price
 * (decision 44). Null decides nothing: the library judges whatever is not let in here.
 */
function readOwn(key: KeyObject, token: string): Claims | null {
  if (!token.startsWith(HEADER)) return null;
  const end = token.indexOf(".", HEADER.length);
  const signature = createHmac("sha256", key).update(token.slice(0, end)).digest("base64url");
  const given = token.slice(end + 1);
  if (given.length !== signature.length || !isSame(given, signature)) return null;
  const claims: Record<string, unknown> = JSON.parse(
    Buffer.from(token.slice(HEADER.length, end), "base64url").toString(),
  );
  const { iss, aud, sub, exp, nbf } = claims;
  if (iss !== ISSUER || aud !== AUDIENCE || nbf !== undefined) return null;
  if (typeof exp !== "number" || exp <= nowInSeconds()) return null;
  return toClaims(sub, exp);
}

/** In a time that does not tell where they differ. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

/** @throws whatever the library objects to */
function readAny(key: KeyObject, token: string): Claims | null {
  const claims = jwt.verify(token, key, {
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience: AUDIENCE,
    clockTimestamp: nowInSeconds(),
  });
  // The library checks an expiry only where there is one; our tokens always have one.
  return typeof claims === "string" || !claims.exp ? null : toClaims(claims.sub, claims.exp);
}

function toClaims(sub: unknown, exp: number): Claims | null {
  const userId = typeof sub === "string" ? toUuid(sub) : null;
  return userId === null ? null : { userId, expiresAt: exp * 1000 };
}

function nowInSeconds(): number {
  return Math.floor(now().getTime() / 1000);
}

// Made once: from the text the library would make a key for each token, at forty times the cost.
function secretKeys(): [KeyObject, ...KeyObject[]] {
  return singleton("token-keys", () => {
    const [current, ...previous] = tokenSecrets();
    return [keyOf(current), ...previous.map(keyOf)];
  });
}

function keyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret));
}
